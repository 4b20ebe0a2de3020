import { maxUint256, parseSignature } from "viem";
import type { Note, SimulatedNetwork } from "./simulateNetwork.ts";

/** Credit on its way out, and in by a permit. `projectId` has some; its owner is account 0. */
export async function gasOfCredit(network: SimulatedNetwork, projectId: bigint, note: Note): Promise<void> {
  const { escrow, usd, wallet, chainId } = network;
  await note("requestWithdraw", escrow.write.requestWithdraw([projectId, 1_000_000n]));
  await note("cancelWithdraw", escrow.write.cancelWithdraw([projectId]));
  await escrow.write.requestWithdraw([projectId, 1_000_000n]);
  await network.moveToEpoch((await network.epochNow()) + 10);
  await note("withdraw", escrow.write.withdraw([projectId]));

  const signature = await wallet.signTypedData({
    domain: { name: "Mock USD", version: "1", chainId, verifyingContract: usd.address },
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: {
      owner: wallet.account.address,
      spender: escrow.address,
      value: 1_000_000n,
      nonce: 0n,
      deadline: maxUint256,
    },
  });
  const { r, s, yParity } = parseSignature(signature);
  const permitted = [projectId, 1_000_000n, maxUint256, 27 + yParity, r, s] as const;
  await note("depositWithPermit", escrow.write.depositWithPermit(permitted));
}
