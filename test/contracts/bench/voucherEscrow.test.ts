import assert from "node:assert/strict";
import { type Hex, maxUint256, numberToHex, parseSignature } from "viem";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { addressOf, assertions, USD, type Wallet } from "../support/scenario.ts";

const CREDIT = 10n * USD;

/** The owner pays the operator by vouchers, out of 10 USD of escrow, and 5 % is the fee. */
async function withEscrow() {
  const t = await deployNetwork();
  const vouchers = await viem.deployContract("VoucherEscrow", [t.usd.address, 500n]);
  await t.usd.write.mint([addressOf(t.owner), CREDIT]);
  await t.usd.write.approve([vouchers.address, maxUint256], { account: t.owner.account });
  const [payer, receiver] = [addressOf(t.owner), addressOf(t.operator1)];
  await vouchers.write.deposit([payer, receiver, CREDIT], { account: t.owner.account });

  /** A voucher of the owner's to the operator, signed by `signer`. */
  const sign = async (valueAggregate: bigint, signer: Wallet = t.owner) => {
    const message = { payer, receiver, timestampNs: 1n, valueAggregate };
    const signature = await signer.signTypedData({
      domain: {
        name: "vouchers",
        version: "1",
        chainId: t.network.chainId,
        verifyingContract: vouchers.address,
      },
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
  const collect = (voucher: Awaited<ReturnType<typeof sign>>, by: Wallet = t.operator1) =>
    vouchers.write.collect([[voucher]], { account: by.account });
  return { ...t, vouchers, payer, receiver, sign, collect };
}

describe("VoucherEscrow, which our gas is compared with", () => {
  it("collects what a voucher says beyond the last one, and pays it out less the fee, rounded up", async () => {
    const t = await networkHelpers.loadFixture(withEscrow);
    await t.collect(await t.sign(2n * USD));
    await t.collect(await t.sign(3n * USD + 1n));
    assert.deepEqual(await t.vouchers.read.accounts([t.payer, t.receiver]), [7n * USD - 1n, 3n * USD + 1n]);

    const before = await t.usd.read.balanceOf([t.receiver]);
    await t.vouchers.write.claim({ account: t.operator1.account });
    const fee = 150_001n;
    assert.equal(await t.usd.read.balanceOf([t.receiver]), before + 3n * USD + 1n - fee);
    assert.equal(await t.vouchers.read.fees(), fee);
    await assertions.revertWithCustomErrorWithArgs(
      t.vouchers.write.claim({ account: t.operator1.account }),
      t.vouchers,
      "NothingToClaim",
      [t.receiver],
    );
  });

  it("collects no voucher twice, and none that is older", async () => {
    const t = await networkHelpers.loadFixture(withEscrow);
    const [older, newer] = [await t.sign(USD), await t.sign(2n * USD)];
    await t.collect(newer);
    for (const voucher of [newer, older]) {
      await assertions.revertWithCustomErrorWithArgs(t.collect(voucher), t.vouchers, "NothingNew", [
        t.payer,
        voucher.valueAggregate,
        2n * USD,
      ]);
    }
  });

  it("takes the payer's signature, for this receiver, and no more than the escrow holds", async () => {
    const t = await networkHelpers.loadFixture(withEscrow);
    await assertions.revertWithCustomError(
      t.collect(await t.sign(USD, t.stranger)),
      t.vouchers,
      "WrongSigner",
    );
    await assertions.revertWithCustomError(
      t.collect(await t.sign(USD), t.operator2),
      t.vouchers,
      "WrongSigner",
    );
    await assertions.revertWithCustomErrorWithArgs(
      t.collect(await t.sign(CREDIT + 1n)),
      t.vouchers,
      "TooLittleEscrow",
      [t.payer, CREDIT + 1n, CREDIT],
    );
  });
});
