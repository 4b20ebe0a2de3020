import { encodeAbiParameters, keccak256, maxUint256, parseSignature, zeroHash } from "viem";
import type { Note, SimulatedNetwork } from "./simulateNetwork.ts";

/** Credit on its way out, and in by a permit, by name and by an authorization. `projectId` has some; its owner is account 0. */
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

  const payer = wallet.account.address;
  const domain = `p-${projectId}.worker3.localhost`;
  await usd.write.approve([escrow.address, maxUint256]); // the permit was for less
  await note("depositAt, a name of the zone", escrow.write.depositAt([domain, payer, 1_000_000n]));

  const salt = zeroHash;
  const nonce = keccak256(
    encodeAbiParameters(
      [{ type: "uint64" }, { type: "address" }, { type: "bytes32" }],
      [projectId, payer, salt],
    ),
  );
  const authorization = await wallet.signTypedData({
    domain: { name: "Mock USD", version: "1", chainId, verifyingContract: usd.address },
    types: {
      ReceiveWithAuthorization: [
        { name: "from", type: "address" },
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "validAfter", type: "uint256" },
        { name: "validBefore", type: "uint256" },
        { name: "nonce", type: "bytes32" },
      ],
    },
    primaryType: "ReceiveWithAuthorization",
    message: {
      from: payer,
      to: escrow.address,
      value: 1_000_000n,
      validAfter: 0n,
      validBefore: maxUint256,
      nonce,
    },
  });
  const authorized = [projectId, payer, payer, 1_000_000n, 0n, maxUint256, salt, authorization] as const;
  await note("depositWithAuthorization", escrow.write.depositWithAuthorization(authorized));
}
