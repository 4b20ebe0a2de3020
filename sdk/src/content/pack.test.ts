import assert from "node:assert/strict";
import { CarReader } from "@ipld/car";
import { MemoryBlockstore } from "blockstore-core/memory";
import fc from "fast-check";
import { sha256 } from "multiformats/hashes/sha2";
import { carOf } from "./carOf.ts";
import { PathError } from "./errors.ts";
import { type FolderEntry, pack } from "./pack.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const deployment: FolderEntry[] = [
  { path: ".worker3/manifest.json", content: utf8("{}") },
  { path: ".worker3/worker/index.js", content: utf8("export default {}") },
  { path: "a/index.html", content: utf8("<p>a") },
  { path: "copy", content: new Uint8Array(1_100_000).fill(1) },
  { path: "copy2", content: new Uint8Array(1_100_000).fill(1) },
  { path: "empty" },
];

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

describe("pack", () => {
  it("the order of the entries does not change the CID", async () => {
    const { cid } = await pack(deployment);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(deployment, { minLength: deployment.length }),
        async (shuffled) => {
          assert.equal((await pack(shuffled)).cid, cid);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("a file that comes in pieces of any size has the CID of the whole", async () => {
    const bytes = new Uint8Array(2_500_000).map((_, index) => index % 251);
    const { cid } = await pack([{ path: "f", content: bytes }]);
    for (const size of [999, 65_536, 1_048_575, 1_048_576, 1_048_577, 2_097_152, 3_000_000]) {
      assert.equal(
        (await pack([{ path: "f", content: inPieces(bytes, size) }])).cid,
        cid,
        `pieces of ${size}`,
      );
    }
  });

  it("entries may come as they are found", async () => {
    async function* found(): AsyncGenerator<FolderEntry> {
      yield* deployment;
    }
    assert.equal((await pack(found())).cid, (await pack(deployment)).cid);
  });

  it("counts files, their bytes, blocks and the CAR's bytes", async () => {
    const packed = await pack(deployment);
    const car = await carOf(deployment);
    assert.deepEqual([packed.files, packed.bytes], [5, 2 + 17 + 4 + 2_200_000]);
    assert.equal(packed.carBytes, car.length);
    // root, .worker3, worker, a, the empty directory; manifest.json, index.js, index.html; one node and two chunks
    assert.equal(packed.blocks, 11);
  });

  it("the CAR holds the DAG depth first in link order, each block once, under one root", async () => {
    const packed = await pack(deployment);
    const reader = await CarReader.fromBytes(await carOf(deployment));
    assert.deepEqual(
      (await reader.getRoots()).map((root) => root.toString()),
      [packed.cid],
    );
    const cids: string[] = [];
    for await (const { cid, bytes } of reader.blocks()) {
      assert.deepEqual((await sha256.digest(bytes)).bytes, cid.multihash.bytes);
      cids.push(cid.toString());
    }
    assert.equal(cids.length, packed.blocks);
    assert.equal(new Set(cids).size, packed.blocks);
    assert.equal(cids[0], packed.cid);
  });

  it("the CAR can be read again", async () => {
    const { car } = await pack(deployment);
    const lengths: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      let length = 0;
      for await (const part of car()) length += part.length;
      lengths.push(length);
    }
    assert.equal(lengths[0], lengths[1]);
  });

  it("blocks go to the store that is given", async () => {
    const store = new MemoryBlockstore();
    const { root } = await pack(deployment, { store });
    assert.equal(await store.has(root), true);
  });

  it("an aborted signal stops the packing", async () => {
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let piece = 0; ; piece += 1) {
        if (piece === 3) controller.abort(new Error("enough"));
        yield new Uint8Array(1_048_576).fill(piece);
      }
    }
    await assert.rejects(pack([{ path: "f", content: endless() }], { signal: controller.signal }), /enough/);
  });

  const x = utf8("x");
  const refused: [what: string, code: string, value: string, entries: FolderEntry[]][] = [
    ["a path that leaves the folder", "PATH_BAD", "a/../../etc", [{ path: "a/../../etc", content: x }]],
    [
      "a path given twice",
      "PATH_DUPLICATE",
      "a",
      [
        { path: "a", content: x },
        { path: "a", content: x },
      ],
    ],
    [
      "names that differ in case",
      "PATH_DUPLICATE",
      "A",
      [
        { path: "a", content: x },
        { path: "A", content: x },
      ],
    ],
    [
      "directories that differ in case",
      "PATH_DUPLICATE",
      "B/y",
      [
        { path: "b/x", content: x },
        { path: "B/y", content: x },
      ],
    ],
    [
      "names that differ in normalisation",
      "PATH_DUPLICATE",
      "e\u0301",
      [
        { path: "é", content: x },
        { path: "e\u0301", content: x },
      ],
    ],
    [
      "a file that is also a directory",
      "PATH_DUPLICATE",
      "a/b",
      [
        { path: "a", content: x },
        { path: "a/b", content: x },
      ],
    ],
    [
      "a directory that is also a file",
      "PATH_DUPLICATE",
      "a",
      [
        { path: "a/b", content: x },
        { path: "a", content: x },
      ],
    ],
    [
      "an empty directory that is also a file",
      "PATH_DUPLICATE",
      "a",
      [{ path: "a" }, { path: "a", content: x }],
    ],
    [
      "a file of the project's own in .worker3",
      "PATH_NOT_IN_LAYOUT",
      ".worker3/README.md",
      [{ path: ".worker3/README.md", content: x }],
    ],
  ];
  for (const [what, code, value, entries] of refused) {
    it(`refuses ${what} and names the path`, async () => {
      await assert.rejects(pack(entries), (error) => {
        assert.ok(error instanceof PathError);
        assert.deepEqual([error.code, error.value], [code, value]);
        return true;
      });
    });
  }

  it("reads nothing of a file whose path is bad", async () => {
    let reads = 0;
    async function* content(): AsyncGenerator<Uint8Array> {
      reads += 1;
      yield x;
    }
    await assert.rejects(pack([{ path: "..", content: content() }]), PathError);
    assert.equal(reads, 0);
  });
});
