import assert from "node:assert/strict";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import { mtimeOf } from "./mtimeOf.ts";

describe("mtimeOf", () => {
  const cid = (...head: number[]): CID =>
    CID.createV1(
      0x55,
      Digest.create(
        0x12,
        Uint8Array.from({ length: 32 }, (_, index) => head[index] ?? 7),
      ),
    );

  it("is the digest's first 31 bits, a whole second after 1970 and before 2038", () => {
    assert.equal(mtimeOf(cid(0, 0, 0, 4)), 2);
    assert.equal(mtimeOf(cid(255, 255, 255, 255)), 2 ** 31 - 1);
    assert.equal(mtimeOf(cid(128, 0, 0, 0)), 2 ** 30);
  });

  it("is never 0, which workerd gives to every file from before 1970", () => {
    assert.equal(mtimeOf(cid(0, 0, 0, 0)), 1);
    assert.equal(mtimeOf(cid(0, 0, 0, 1)), 1);
  });
});
