import assert from "node:assert/strict";
import {
  concatHex,
  encodeAbiParameters,
  encodePacked,
  type Hex,
  hashTypedData,
  keccak256,
  numberToHex,
  parseSignature,
  serializeCompactSignature,
  serializeSignature,
  signatureToCompactSignature,
  stringToHex,
  zeroHash,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { withAsset } from "../support/hostile.ts";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  encodeReceipts,
  moveToEpoch,
  RELEASE,
  settlementDomain,
  submitBatch,
  USAGE_BATCH,
} from "../support/scenario.ts";
import { AMOUNT, type Counted, counted, serving, signRelease } from "../support/settlement.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

// The texts as the interface documents them, written out once more.
const DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const BATCH_TYPE = "UsageBatch(uint32 nodeId,uint32 epoch,bytes32 statements,bytes receipts)";
const RELEASE_TYPE = "Release(uint64 projectId,uint32 nodeId,uint32 epoch,uint64 amount)";

const hashOf = (text: string): Hex => keccak256(stringToHex(text));
const words = (...values: (bigint | number | Hex)[]): Hex =>
  concatHex(values.map((value) => (typeof value === "string" ? value : numberToHex(value, { size: 32 }))));

/** EIP-712 by hand. */
const digestOf = (separator: Hex, struct: Hex): Hex =>
  keccak256(encodePacked(["bytes2", "bytes32", "bytes32"], ["0x1901", separator, struct]));

const key = privateKeyToAccount(keccak256(stringToHex("a key of which the tests have the secret")));

/** The meter and the operator sign with a key of which this process has the secret. */
async function signing() {
  const t = await counted();
  await t.projects.write.setMeter([t.projectId, key.address], { account: t.owner.account });
  await t.nodes.write.setOperator([t.nodeId, key.address], { account: t.nodeOwner1.account });
  return t;
}

const separatorOf = (t: Counted): Hex =>
  keccak256(
    encodeAbiParameters(
      [
        { type: "bytes32" },
        { type: "bytes32" },
        { type: "bytes32" },
        { type: "uint256" },
        { type: "address" },
      ],
      [hashOf(DOMAIN_TYPE), hashOf("worker3"), hashOf("1"), BigInt(t.network.chainId), t.settlement.address],
    ),
  );

const releaseOf = ({ projectId, nodeId, epoch }: Counted) => ({ projectId, nodeId, epoch, amount: AMOUNT });
const release = (t: Counted, signature: Hex) =>
  t.settlement.write.release([t.nodeId, t.epoch, t.statements, t.lines, 0n, signature], {
    account: t.stranger.account,
  });
const refuses = (t: Counted, signature: Hex) =>
  assertions.revertWithCustomErrorWithArgs(release(t, signature), t.settlement, "NotReleasable", [
    t.projectId,
    addressOf(t.stranger),
  ]);

describe("What operators and meters sign", () => {
  it("is under the domain that the contract itself names", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const [fields, name, version, chainId, contract, salt, extensions] =
      await t.settlement.read.eip712Domain();
    assert.deepEqual(
      [fields, name, version, chainId, contract.toLowerCase(), salt, extensions],
      ["0x0f", "worker3", "1", BigInt(t.network.chainId), t.settlement.address.toLowerCase(), zeroHash, []],
    );
  });

  it("is a batch of this very type: by hand, by viem and by the contract", async () => {
    const t = await networkHelpers.loadFixture(signing);
    const epoch = t.epoch + 1;
    await moveToEpoch(t, epoch + 1);
    const receipts = encodeReceipts([{ projectId: t.projectId, requests: 3n }]);
    const statements = hashOf("statements");
    const struct = keccak256(words(hashOf(BATCH_TYPE), t.nodeId, epoch, statements, keccak256(receipts)));
    const digest = digestOf(separatorOf(t), struct);
    assert.equal(
      digest,
      hashTypedData({
        domain: settlementDomain(t),
        types: { UsageBatch: USAGE_BATCH },
        primaryType: "UsageBatch",
        message: { nodeId: t.nodeId, epoch, statements, receipts },
      }),
    );
    const signature = await key.sign({ hash: digest });
    await submitBatch(t, { nodeId: t.nodeId, epoch, statements, receipts, signature });
  });

  it("is a release of this very type: by hand, by viem and by the contract", async () => {
    const t = await networkHelpers.loadFixture(signing);
    const message = releaseOf(t);
    const struct = keccak256(
      words(hashOf(RELEASE_TYPE), message.projectId, message.nodeId, message.epoch, message.amount),
    );
    const digest = digestOf(separatorOf(t), struct);
    assert.equal(
      digest,
      hashTypedData({
        domain: settlementDomain(t),
        types: { Release: RELEASE },
        primaryType: "Release",
        message,
      }),
    );
    await release(t, await key.sign({ hash: digest }));
  });
});

describe("A meter's signature", () => {
  it("is good in its short form too, 64 bytes by EIP-2098", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await t.projects.write.setMeter([t.projectId, addressOf(t.guardian)], { account: t.owner.account });
    const signature = parseSignature(await signRelease(t, t.guardian, releaseOf(t)));
    await release(t, serializeCompactSignature(signatureToCompactSignature(signature)));
  });

  it("is refused with a high s, and in any other length", async () => {
    const t = await networkHelpers.loadFixture(signing);
    const signature = await key.signTypedData({
      domain: settlementDomain(t),
      types: { Release: RELEASE },
      primaryType: "Release",
      message: releaseOf(t),
    });
    const { r, s, yParity } = parseSignature(signature);
    const high = numberToHex(ORDER - BigInt(s), { size: 32 });
    await refuses(t, serializeSignature({ r, s: high, yParity: yParity === 0 ? 1 : 0 }));
    await refuses(t, `${signature}00`);
    await refuses(t, signature.slice(0, -4) as Hex);
    await release(t, signature);
  });

  it("is refused for another chain, another contract, another name or version", async () => {
    const t = await networkHelpers.loadFixture(signing);
    const domain = settlementDomain(t);
    const twin = (await withAsset(t, t.usd)).settlement;
    for (const other of [
      { ...domain, chainId: domain.chainId + 1 },
      { ...domain, verifyingContract: twin.address },
      { ...domain, name: "worker4" },
      { ...domain, version: "2" },
    ]) {
      const signature = await key.signTypedData({
        domain: other,
        types: { Release: RELEASE },
        primaryType: "Release",
        message: releaseOf(t),
      });
      await refuses(t, signature);
    }
  });

  it("is no zero signer's: a project without a meter takes no signature that recovers to nothing", async () => {
    const t = await networkHelpers.loadFixture(counted);
    for (const signature of [
      "0x",
      `0x${"00".repeat(64)}`,
      `0x${"00".repeat(65)}`,
      `0x${"ff".repeat(65)}`,
    ] as Hex[]) {
      await refuses(t, signature);
    }
  });
});
