import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { base36 } from "multiformats/bases/base36";
import { base58btc } from "multiformats/bases/base58";
import { CID } from "multiformats/cid";
import { create as multihash } from "multiformats/hashes/digest";
import { bytesToHex, hexToBytes } from "viem";
import { type CallLibrary, deployLibraries, type Outcome } from "../support/libraries.ts";

const DAG_PB = 0x70;
const SHA2_256 = 0x12;
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
/** Characters next to the alphabet, of other alphabets, and what mistakes put into a CID. */
const STRANGE = "`{1890/:@AZ= \0\x7f\xe2";

const cidOf = (digest: Uint8Array, codec = DAG_PB) => CID.createV1(codec, multihash(SHA2_256, digest));

/**
 * What the contract has to say about a text: `multiformats` decides whether it names such a CID, and writes that CID
 * again from its bytes, because it reads upper case too and remembers the text that it read.
 */
function expected(text: string): Outcome {
  if (text.length !== 59) return { error: "CidHasWrongLength", args: [text, BigInt(text.length)] };
  const parsed = parseOrNothing(text);
  if (
    parsed?.version === 1 &&
    parsed.code === DAG_PB &&
    parsed.multihash.code === SHA2_256 &&
    parsed.multihash.digest.length === 32 &&
    CID.decode(parsed.bytes).toString() === text
  ) {
    return { returned: bytesToHex(parsed.multihash.digest) };
  }
  if (!text.startsWith("bafybei")) return { error: "CidHasWrongPrefix", args: [text, "bafybei"] };
  const index = [...text].findIndex((character) => !BASE32.includes(character));
  if (index !== -1) return { error: "CidHasWrongCharacter", args: [text, BigInt(index)] };
  return { error: "CidIsNotCanonical", args: [text] };
}

function parseOrNothing(text: string): CID | undefined {
  try {
    return CID.parse(text);
  } catch {
    return undefined;
  }
}

async function parsesAsExpected(call: CallLibrary, texts: readonly string[]): Promise<Map<string, number>> {
  const kinds = new Map<string, number>();
  const outcomes = await Promise.all(texts.map((text) => call("parseCid", text)));
  for (const [i, outcome] of outcomes.entries()) {
    const text = texts[i] ?? "";
    assert.deepEqual(outcome, expected(text), `the CID ${JSON.stringify(text)}`);
    const kind = "error" in outcome ? outcome.error : "accepted";
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

const replaceAt = (text: string, index: number, character: string) =>
  text.slice(0, index) + character + text.slice(index + 1);

describe("Cid", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  it("writes and reads each digest as multiformats does", async () => {
    const digests = [
      new Uint8Array(32),
      new Uint8Array(32).fill(0xff),
      ...Array.from({ length: 256 }, (_, bit) => {
        const digest = new Uint8Array(32);
        digest[bit >> 3] = 0x80 >> (bit & 7);
        return digest;
      }),
      ...Array.from({ length: 2_000 }, () => Uint8Array.from(randomBytes(32))),
    ];
    await Promise.all(
      digests.map(async (digest) => {
        const text = cidOf(digest).toString();
        const hex = bytesToHex(digest);
        assert.deepEqual(await call("cidText", hex), { returned: text });
        assert.deepEqual(await call("parseCid", text), { returned: hex });
      }),
    );
  });

  it("accepts, of all texts one character away, those that multiformats writes itself", async () => {
    const text = cidOf(Uint8Array.from(randomBytes(32))).toString();
    const mutated = [...text].flatMap((_, i) => [...BASE32, ...STRANGE].map((c) => replaceAt(text, i, c)));
    const kinds = await parsesAsExpected(call, mutated);
    for (const kind of ["accepted", "CidHasWrongPrefix", "CidHasWrongCharacter", "CidIsNotCanonical"]) {
      assert.ok((kinds.get(kind) ?? 0) > 40, `${kind}: ${kinds.get(kind)}`);
    }
  });

  it("looks at both ends of the digest, whatever stands between", async () => {
    const ends = [0, 5, 6, 7, 8, 38, 39, 57, 58];
    const mutated = [0, 0xff, 0x55].flatMap((byte) => {
      const text = cidOf(new Uint8Array(32).fill(byte)).toString();
      return ends.flatMap((i) => [...BASE32].map((c) => replaceAt(text, i, c)));
    });
    await parsesAsExpected(call, mutated);
  });

  it("judges random texts, and CIDs with several mistakes, as multiformats does", async () => {
    const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const character = fc.constantFrom(...BASE32, ...STRANGE);
    const mistakes = fc.array(fc.tuple(fc.nat(58), character), { minLength: 2, maxLength: 4 });
    const text = fc.oneof(
      fc
        .tuple(digest, mistakes)
        .map(([bytes, all]) =>
          all.reduce((cid, [index, c]) => replaceAt(cid, index, c), cidOf(bytes).toString()),
        ),
      fc
        .string({ unit: fc.constantFrom(...BASE32), minLength: 52, maxLength: 52 })
        .map((end) => `bafybei${end}`),
      fc.string({ unit: fc.constantFrom(...BASE32), minLength: 59, maxLength: 59 }),
      fc.string({ unit: "binary-ascii", maxLength: 70 }),
    );
    await parsesAsExpected(call, fc.sample(text, 800));
  });

  it("says where each byte is that no text has", async () => {
    const text = cidOf(Uint8Array.from(randomBytes(32))).toString();
    const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
    const mutated = [20, 58].flatMap((i) => bytes.map((byte) => replaceAt(text, i, byte)));
    await parsesAsExpected(call, mutated);
  });

  it("refuses all other kinds of CID and says why", async () => {
    const digest = Uint8Array.from(createHash("sha256").update("worker3").digest());
    const v1 = cidOf(digest);
    const text = v1.toString();
    const v0 = CID.createV0(multihash(SHA2_256, digest)).toString();
    const sha512 = CID.createV1(DAG_PB, multihash(0x13, Uint8Array.from(randomBytes(64)))).toString();
    const prefix = (other: string) => ({ error: "CidHasWrongPrefix", args: [other, "bafybei"] });
    const length = (other: string, count: bigint) => ({ error: "CidHasWrongLength", args: [other, count] });
    const cases: [string, Outcome][] = [
      [text, { returned: bytesToHex(digest) }],
      [text.toUpperCase(), prefix(text.toUpperCase())],
      [`B${text.slice(1).toUpperCase()}`, prefix(text.toUpperCase())],
      [`b${text.slice(1).toUpperCase()}`, prefix(`b${text.slice(1).toUpperCase()}`)],
      [cidOf(digest, 0x71).toString(), prefix(cidOf(digest, 0x71).toString())],
      [cidOf(digest, 0x55).toString(), prefix(cidOf(digest, 0x55).toString())],
      ...[0x1e, 0x16].map((hash): [string, Outcome] => {
        const other = CID.createV1(DAG_PB, multihash(hash, digest)).toString();
        return [other, prefix(other)];
      }),
      [sha512, length(sha512, BigInt(sha512.length))],
      [v0, length(v0, 46n)],
      [v1.toString(base58btc), length(v1.toString(base58btc), 49n)],
      [v1.toString(base36), length(v1.toString(base36), BigInt(v1.toString(base36).length))],
      ["", length("", 0n)],
      [text.slice(0, 58), length(text.slice(0, 58), 58n)],
      [`${text}a`, length(`${text}a`, 60n)],
      [` ${text}`, length(` ${text}`, 60n)],
      [`ipfs://${text}`, length(`ipfs://${text}`, 66n)],
    ];
    for (const [given, outcome] of cases) {
      assert.deepEqual(await call("parseCid", given), outcome, given);
      assert.deepEqual(expected(given), outcome, `the model about ${given}`);
    }
  });

  it("writes contenthashes whose bytes are ipfs-ns and the CID", async () => {
    for (const digest of [new Uint8Array(32), Uint8Array.from(randomBytes(32))]) {
      const { returned } = (await call("contenthash", bytesToHex(digest))) as { returned: `0x${string}` };
      const bytes = hexToBytes(returned);
      assert.deepEqual([...bytes.subarray(0, 2)], [0xe3, 0x01]);
      assert.equal(CID.decode(bytes.subarray(2)).toString(), cidOf(digest).toString());
    }
  });
});
