import { type Hex, keccak256, maxUint256, numberToHex, parseSignature, toHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { SimulatedNetwork } from "./simulateNetwork.ts";

const PAYERS = 100;
const EPOCHS = 7;
const CREDIT = 1_000_000_000n;
const AMOUNT = 100_000n;

/** What our rows cost in the nearest public design, by the name of the row. */
export type VoucherCosts = Readonly<Record<string, number>>;

/**
 * The gas of `VoucherEscrow`: 100 payers, a voucher each. A voucher is of one payer and one receiver as a receipt is of
 * one project and one node; but it needs the payer's key and signature, and what it says is owed.
 */
export async function gasOfVouchers(network: SimulatedNetwork): Promise<VoucherCosts> {
  const { viem, usd, operator, chainId, gasOf, feeBps } = network;
  const vouchers = await viem.deployContract("VoucherEscrow", [usd.address, feeBps]);
  const receiver = operator.account.address;
  await usd.write.approve([vouchers.address, maxUint256]);
  const payers = Array.from({ length: PAYERS }, (_, i) =>
    privateKeyToAccount(keccak256(toHex(`payer ${i}`))),
  );
  for (const { address } of payers) await vouchers.write.deposit([address, receiver, CREDIT]);

  let epoch = 0n;
  const sign = async (payer: PrivateKeyAccount) => {
    const message = {
      payer: payer.address,
      receiver,
      timestampNs: 1_900_000_000_000_000_000n + epoch,
      valueAggregate: AMOUNT * epoch,
    };
    const signature = await payer.signTypedData({
      domain: { name: "vouchers", version: "1", chainId, verifyingContract: vouchers.address },
      types: {
        Voucher: [
          { name: "payer", type: "address" },
          { name: "receiver", type: "address" },
          { name: "timestampNs", type: "uint64" },
          { name: "valueAggregate", type: "uint128" },
        ],
      },
      primaryType: "Voucher",
      message,
    });
    const { r, s, yParity } = parseSignature(signature);
    const vs: Hex = numberToHex(BigInt(s) | (BigInt(yParity) << 255n), { size: 32 });
    return { ...message, r, vs };
  };
  /** A voucher of each of the first payers, for the next epoch; what one of them costs. */
  const collect = async (count: number): Promise<number> => {
    epoch += 1n;
    const signed = await Promise.all(payers.slice(0, count).map(sign));
    const sent = await vouchers.write.collect([signed], { account: operator.account });
    return Math.round((await gasOf(sent)) / count);
  };
  const claim = async (): Promise<number> => {
    for (let i = 0; i < EPOCHS; i++) await collect(6);
    return gasOf(await vouchers.write.claim({ account: operator.account }));
  };

  return {
    "a receipt, batch of 100, first ever": await collect(100),
    "a receipt, batch of 100, steady": await collect(100),
    "a receipt, batch of 10, steady": await collect(10),
    "a receipt, batch of 1, steady": await collect(1),
    "claim of 7 epochs, first": await claim(),
    "claim of 7 epochs, steady": await claim(),
  };
}
