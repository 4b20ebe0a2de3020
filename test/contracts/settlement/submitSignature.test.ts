import { concatHex, type Hex, hexToBigInt, numberToHex, sliceHex } from "viem";
import { withAsset } from "../support/hostile.ts";
import { networkHelpers, viem } from "../support/network.ts";
import {
  addressOf,
  assertions,
  type Batch,
  encodeReceipts,
  moveToEpoch,
  settlementDomain,
  signBatch,
  submitBatch,
  USAGE_BATCH,
  type Wallet,
} from "../support/scenario.ts";
import { type Serving, serving } from "../support/settlement.ts";

const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

async function served() {
  const t = await serving();
  await moveToEpoch(t, t.epoch + 1);
  return t;
}

const sign = (t: Serving, operator: Wallet = t.operator1) =>
  signBatch(t, { nodeId: t.nodeId, epoch: t.epoch, receipts: [{ projectId: t.projectId }], operator });

const refuses = (t: Serving, batch: Batch, operator = addressOf(t.operator1), nodeId = t.nodeId) =>
  assertions.revertWithCustomErrorWithArgs(submitBatch(t, batch), t.settlement, "WrongBatchSignature", [
    nodeId,
    operator,
  ]);
const counts = (t: Serving, batch: Batch) =>
  assertions.emit(submitBatch(t, batch), t.settlement, "BatchCounted");

/** r, s and v of a signature of 65 bytes. */
const parts = (signature: Hex) => ({
  r: sliceHex(signature, 0, 32),
  s: hexToBigInt(sliceHex(signature, 32, 64)),
  v: Number(sliceHex(signature, 64, 65)),
});

describe("UsageSettlement.submit, the signature", () => {
  it("refuses the signature of anyone but the operator: owner, another operator, relayer", async () => {
    const t = await networkHelpers.loadFixture(served);
    for (const wallet of [t.nodeOwner1, t.operator2, t.stranger]) await refuses(t, await sign(t, wallet));
  });

  it("refuses a batch in which anything differs from what was signed", async () => {
    const t = await networkHelpers.loadFixture(served);
    await moveToEpoch(t, t.epoch + 2);
    const batch = await sign(t);
    await refuses(t, { ...batch, nodeId: t.otherNodeId }, addressOf(t.operator2), t.otherNodeId);
    await refuses(t, { ...batch, epoch: t.epoch + 1 });
    await refuses(t, { ...batch, statements: `0x${"11".repeat(32)}` });
    await refuses(t, { ...batch, receipts: encodeReceipts([{ projectId: t.projectId, requests: 1n }]) });
    await refuses(t, {
      ...batch,
      receipts: encodeReceipts([{ projectId: t.projectId }, { projectId: t.projectId }]),
    });
    await counts(t, batch);
  });

  it("refuses one operator's signature for another of its nodes", async () => {
    const t = await networkHelpers.loadFixture(served);
    await t.nodes.write.setOperator([t.otherNodeId, addressOf(t.operator1)], {
      account: t.nodeOwner2.account,
    });
    await refuses(t, { ...(await sign(t)), nodeId: t.otherNodeId }, undefined, t.otherNodeId);
  });

  it("refuses a signature for another chain, another contract, another name or version", async () => {
    const t = await networkHelpers.loadFixture(served);
    const batch = await sign(t);
    const { nodeId, epoch, statements, receipts } = batch;
    const domain = settlementDomain(t);
    const twin = (await withAsset(t, t.usd)).settlement;
    for (const other of [
      { ...domain, chainId: 1 },
      { ...domain, verifyingContract: twin.address },
      { ...domain, name: "worker4" },
      { ...domain, version: "2" },
    ]) {
      const signature = await t.operator1.signTypedData({
        domain: other,
        types: { UsageBatch: USAGE_BATCH },
        primaryType: "UsageBatch",
        message: { nodeId, epoch, statements, receipts },
      });
      await refuses(t, { ...batch, signature });
    }
  });

  it("refuses a high s: nobody makes a second signature out of one", async () => {
    const t = await networkHelpers.loadFixture(served);
    const batch = await sign(t);
    const { r, s, v } = parts(batch.signature);
    const signature = concatHex([
      r,
      numberToHex(SECP256K1_ORDER - s, { size: 32 }),
      numberToHex(v === 27 ? 28 : 27, { size: 1 }),
    ]);
    await refuses(t, { ...batch, signature });
  });

  it("takes the short form of a signature, 64 bytes by EIP-2098", async () => {
    const t = await networkHelpers.loadFixture(served);
    const batch = await sign(t);
    const { r, s, v } = parts(batch.signature);
    const short = (parity: bigint) => concatHex([r, numberToHex(s | (parity << 255n), { size: 32 })]);
    await refuses(t, { ...batch, signature: short(BigInt(28 - v)) });
    await counts(t, { ...batch, signature: short(BigInt(v - 27)) });
  });

  it("refuses no signature, one of zeros, and one with bytes too few or too many", async () => {
    const t = await networkHelpers.loadFixture(served);
    const batch = await sign(t);
    for (const signature of [
      "0x",
      `0x${"00".repeat(65)}`,
      `0x${"00".repeat(64)}`,
      sliceHex(batch.signature, 0, 63),
      concatHex([batch.signature, "0x00"]),
    ] as Hex[]) {
      await refuses(t, { ...batch, signature });
    }
  });

  it("asks the operator of the moment: after a rotation the agent signs what is outstanding anew", async () => {
    const t = await networkHelpers.loadFixture(served);
    const yesterday = await sign(t);
    await t.nodes.write.setOperator([t.nodeId, addressOf(t.stranger)], { account: t.nodeOwner1.account });
    await refuses(t, yesterday, addressOf(t.stranger));
    await counts(t, await sign(t, t.stranger));
  });

  it("takes the word of an operator that is a contract, as ERC-1271 has it", async () => {
    const t = await networkHelpers.loadFixture(served);
    const account = await viem.deployContract("ContractSigner", [addressOf(t.operator1)]);
    await t.nodes.write.setOperator([t.nodeId, account.address], { account: t.nodeOwner1.account });
    const operator = (await t.nodes.read.signerOf([t.nodeId]))[0];
    await refuses(t, await sign(t, t.operator2), operator);
    await counts(t, await sign(t));
  });

  it("refuses for an operator that is a contract without a word on signatures", async () => {
    const t = await networkHelpers.loadFixture(served);
    await t.nodes.write.setOperator([t.nodeId, t.usd.address], { account: t.nodeOwner1.account });
    const operator = (await t.nodes.read.signerOf([t.nodeId]))[0];
    await refuses(t, await sign(t), operator);
  });
});
