import assert from "node:assert/strict";
import fc from "fast-check";
import { base32 } from "multiformats/bases/base32";
import { base58btc } from "multiformats/bases/base58";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import { cidOfDigest } from "./cidOfDigest.ts";
import { CidError, type CidPart } from "./errors.ts";
import { hexOf } from "./hexOf.ts";
import { parseDeploymentCid } from "./parseDeploymentCid.ts";

const GOOD = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354";
const digestBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

function cidOf(codec: number, hash: number, size = 32): string {
  return CID.createV1(codec, Digest.create(hash, new Uint8Array(size).fill(7))).toString();
}

describe("parseDeploymentCid", () => {
  it("text to digest to text is the identity for every digest", () => {
    fc.assert(
      fc.property(digestBytes, (bytes) => {
        const text = CID.createV1(0x70, Digest.create(0x12, bytes)).toString();
        const parsed = parseDeploymentCid(text);
        assert.equal(parsed.digest, `0x${hexOf(bytes)}`);
        assert.equal(cidOfDigest(parsed.digest), text);
        assert.equal(parsed.cid.toString(), text);
        assert.equal(text.length, 59);
      }),
    );
  });

  it("a text with one character changed is refused or has another digest", () => {
    const characters = fc.constantFrom(
      ..."abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_=+/ \0é",
    );
    fc.assert(
      fc.property(digestBytes, fc.nat(58), characters, (bytes, index, character) => {
        const text = CID.createV1(0x70, Digest.create(0x12, bytes)).toString();
        const mutant = text.slice(0, index) + character + text.slice(index + 1);
        fc.pre(mutant !== text);
        try {
          const { digest } = parseDeploymentCid(mutant);
          assert.notEqual(digest, parseDeploymentCid(text).digest);
          assert.equal(cidOfDigest(digest), mutant);
        } catch (error) {
          assert.ok(error instanceof CidError);
          assert.equal(error.value, mutant);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("a text with characters added, removed or swapped in is refused or has another digest", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 80 }),
        fc.nat(59),
        fc.nat(59),
        (insert, from, to) => {
          const mutant = GOOD.slice(0, from) + insert + GOOD.slice(to);
          fc.pre(mutant !== GOOD);
          try {
            assert.notEqual(parseDeploymentCid(mutant).digest, parseDeploymentCid(GOOD).digest);
          } catch (error) {
            assert.ok(error instanceof CidError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  const refused: [what: string, text: string, part: CidPart][] = [
    ["no text", "", "text"],
    ["a CIDv0", base58btc.encode(CID.parse(GOOD).multihash.bytes).slice(1), "version"],
    ["upper case", GOOD.toUpperCase(), "case"],
    ["one letter in upper case", GOOD.replace("y", "Y"), "case"],
    ["base58btc", CID.parse(GOOD).toString(base58btc), "base"],
    ["a path", `/ipfs/${GOOD}`, "base"],
    ["a character outside base32", GOOD.replace(/.$/, "1"), "text"],
    ["trailing white space", `${GOOD} `, "text"],
    ["one character too few", GOOD.slice(0, -1), "length"],
    ["three characters more", `${GOOD}aaa`, "length"],
    ["unused bits that are not zero", GOOD.replace(/4$/, "5"), "bits"],
    ["dag-cbor", cidOf(0x71, 0x12), "codec"],
    ["raw: a file", cidOf(0x55, 0x12), "codec"],
    ["sha2-512", cidOf(0x70, 0x13, 64), "hash"],
    ["blake2b-256", cidOf(0x70, 0xb220), "hash"],
    ["a sha2-256 cut to 20 bytes", cidOf(0x70, 0x12, 20), "hash"],
    ["version 2", base32.encode(Uint8Array.of(2, 0x70, 0x12, 32, ...new Uint8Array(32))), "version"],
    [
      "a varint that is not minimal",
      base32.encode(Uint8Array.of(1, 0xf0, 0x00, 0x12, 32, ...new Uint8Array(31))),
      "text",
    ],
    ["bytes after the digest", base32.encode(Uint8Array.of(...CID.parse(GOOD).bytes, 0)), "length"],
  ];
  for (const [what, text, part] of refused) {
    it(`refuses ${what} and says that its ${part} is wrong`, () => {
      assert.throws(
        () => parseDeploymentCid(text),
        (error) => {
          assert.ok(error instanceof CidError);
          assert.deepEqual([error.code, error.part, error.value], ["CID_BAD", part, text]);
          return true;
        },
      );
    });
  }
});

describe("cidOfDigest", () => {
  it("takes the bytes32 of the contracts, in either case", () => {
    const { digest } = parseDeploymentCid(GOOD);
    assert.equal(cidOfDigest(digest), GOOD);
    assert.equal(cidOfDigest(`0x${digest.slice(2).toUpperCase()}`), GOOD);
  });

  it("refuses what is not 32 bytes", () => {
    for (const digest of [
      "0x",
      "0x00",
      `0x${"0".repeat(63)}`,
      `0x${"g".repeat(64)}`,
      `0x${"0".repeat(66)}`,
    ] as const) {
      assert.throws(
        () => cidOfDigest(digest),
        (error) => error instanceof CidError && error.value === digest,
      );
    }
  });
});
