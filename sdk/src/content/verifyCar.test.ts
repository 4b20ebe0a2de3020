import assert from "node:assert/strict";
import * as dagPb from "@ipld/dag-pb";
import fc from "fast-check";
import { varint } from "multiformats";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import { sha256 } from "multiformats/hashes/sha2";
import { carOf } from "./carOf.ts";
import { concat } from "./concat.ts";
import { encodeCarHeader } from "./encodeCarHeader.ts";
import { encodeSectionHead } from "./encodeSectionHead.ts";
import { CarError, type CarErrorCode } from "./errors.ts";
import { pack } from "./pack.ts";
import { type VerifyCarOptions, verifyCar } from "./verifyCar.ts";
import type { Block } from "./walkDag.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function block(bytes: Uint8Array, code: number): Promise<Block> {
  return { cid: CID.createV1(code, await sha256.digest(bytes)), bytes };
}

const raw = (text: string): Promise<Block> => block(utf8(text), 0x55);

function node(...links: CID[]): Promise<Block> {
  return block(dagPb.encode({ Data: utf8("d"), Links: links.map((Hash) => ({ Hash, Name: "" })) }), 0x70);
}

function carBytes(root: CID, ...blocks: Block[]): Uint8Array {
  const sections = blocks.flatMap(({ cid, bytes }) => [encodeSectionHead(cid, bytes.length), bytes]);
  return concat([encodeCarHeader(root), ...sections]);
}

async function* inPieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

async function blocksOf(
  car: Uint8Array,
  root: CID,
  options?: VerifyCarOptions,
  size?: number,
): Promise<Block[]> {
  const blocks: Block[] = [];
  for await (const each of verifyCar(inPieces(car, size), root, options)) blocks.push(each);
  return blocks;
}

async function refused(
  code: CarErrorCode,
  car: Uint8Array,
  root: CID,
  options?: VerifyCarOptions,
): Promise<CarError> {
  try {
    await blocksOf(car, root, options);
  } catch (error) {
    assert.ok(error instanceof CarError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.value !== undefined && error.next !== undefined);
    return error;
  }
  assert.fail(`the CAR was taken; ${code} was expected`);
}

/** root -> [a -> [x, y], b -> [x], y], in the order of the CAR: root, a, x, y, b. */
async function sample(): Promise<{ blocks: Block[]; root: CID; car: Uint8Array }> {
  const [x, y] = await Promise.all([raw("x"), raw("y")]);
  const a = await node(x.cid, y.cid);
  const b = await node(x.cid);
  const root = await node(a.cid, b.cid, y.cid);
  const blocks = [root, a, x, y, b];
  return { blocks, root: root.cid, car: carBytes(root.cid, ...blocks) };
}

describe("verifyCar takes exactly the DAG that was asked for", () => {
  it("yields the blocks depth first, each once, whatever the pieces are", async () => {
    const { blocks, root, car } = await sample();
    for (const size of [1, 2, 7, 36, 59, 100, car.length]) {
      assert.deepEqual(await blocksOf(car, root, {}, size), blocks, `pieces of ${size}`);
    }
  });

  it("takes what pack writes, and a single raw block", async () => {
    const entries = [
      { path: ".worker3/manifest.json", content: utf8("{}") },
      { path: "f", content: new Uint8Array(3_000_000).map((_, index) => index % 253) },
      ...Array.from({ length: 6000 }, (_, index) => ({
        path: `many/${index}`,
        content: utf8(`${index}`),
      })),
    ];
    const packed = await pack(entries);
    assert.equal((await blocksOf(await carOf(entries), packed.root)).length, packed.blocks);
    const x = await raw("x");
    assert.deepEqual(await blocksOf(carBytes(x.cid, x), x.cid), [x]);
  });

  it("no CAR with one byte changed passes, nor one that is cut anywhere", async () => {
    const { car, root } = await sample();
    await fc.assert(
      fc.asyncProperty(fc.nat(car.length - 1), fc.integer({ min: 1, max: 255 }), async (index, flip) => {
        const changed = car.slice();
        changed[index] = (changed[index] ?? 0) ^ flip;
        await assert.rejects(blocksOf(changed, root), CarError);
      }),
      { numRuns: 1000 },
    );
    for (let length = 0; length < car.length; length += 1) {
      const error = await refused("CAR_TRUNCATED", car.subarray(0, length), root);
      assert.equal(error.received, length);
    }
  });

  it("a CAR cut in half names the bytes received and the block that is missing", async () => {
    const { blocks, car, root } = await sample();
    const error = await refused("CAR_TRUNCATED", car.subarray(0, car.length - 1), root);
    assert.match(error.message, new RegExp(`after ${car.length - 1} bytes`));
    assert.equal(error.block, 4);
    assert.ok(error.message.includes(String(blocks[4]?.cid)));
  });

  it("a block twice, one left out, one too many or two swapped is not the DAG", async () => {
    const { root, blocks } = await sample();
    const [top, a, x, y, b] = blocks as [Block, Block, Block, Block, Block];
    const twice = await refused("CAR_WRONG_BLOCK", carBytes(root, top, a, x, y, x, b), root);
    assert.deepEqual([twice.block, twice.expected, twice.value], [4, b.cid.toString(), x.cid.toString()]);
    await refused("CAR_WRONG_BLOCK", carBytes(root, top, a, y, b), root);
    await refused("CAR_WRONG_BLOCK", carBytes(root, top, b, x, a, y), root);
    await refused("CAR_TRUNCATED", carBytes(root, top, a, x, y), root);
    await refused("CAR_TRAILING", carBytes(root, top, a, x, y, b, await raw("z")), root);
    await refused("CAR_TRAILING", concat([carBytes(root, ...blocks), Uint8Array.of(0)]), root);
  });

  it("bytes that are not those of the CID are named with both CIDs", async () => {
    const { root, blocks } = await sample();
    const lying = blocks.map((each, index) => (index === 3 ? { ...each, bytes: utf8("z") } : each));
    const error = await refused("CAR_WRONG_HASH", carBytes(root, ...lying), root);
    assert.deepEqual(
      [error.block, error.expected, error.value],
      [3, String(blocks[3]?.cid), String((await raw("z")).cid)],
    );
  });

  it("a header with another root, two roots or CARv2 is refused", async () => {
    const { root, blocks, car } = await sample();
    const x = await raw("x");
    await refused("CAR_BAD_HEADER", carBytes(x.cid, ...blocks), root);
    const two = concat([
      Uint8Array.of(99, 0xa2, 0x65),
      utf8("roots"),
      Uint8Array.of(0x82),
      new Uint8Array(95),
    ]);
    await refused("CAR_BAD_HEADER", two, root);
    const v2 = concat([Uint8Array.of(0x0a, 0xa1, 0x67), utf8("version"), Uint8Array.of(2), car]);
    assert.match((await refused("CAR_BAD_HEADER", v2, root)).message, /CARv2/);
  });

  it("links to other hashes, codecs or CID versions are refused", async () => {
    const digest = (await raw("x")).cid.multihash;
    const bad: [what: string, cid: CID][] = [
      ["dag-cbor", CID.createV1(0x71, digest)],
      ["CIDv0", CID.createV0(Digest.create(0x12, digest.digest))],
      ["sha2-512", CID.createV1(0x55, Digest.create(0x13, new Uint8Array(64)))],
      ["identity", CID.createV1(0x55, Digest.create(0, utf8("x")))],
      ["a short sha2-256", CID.createV1(0x55, Digest.create(0x12, new Uint8Array(20)))],
    ];
    for (const [what, cid] of bad) {
      const root = await node(cid);
      const error = await refused("CAR_BAD_NODE", carBytes(root.cid, root), root.cid);
      assert.equal(error.value, cid.toString(), what);
      assert.equal(error.block, 0, what);
      await refused("CAR_BAD_NODE", carBytes(cid), cid);
    }
  });

  it("a block that is no dag-pb is refused", async () => {
    const root = await block(utf8("no protobuf"), 0x70);
    assert.equal((await refused("CAR_BAD_NODE", carBytes(root.cid, root), root.cid)).block, 0);
  });

  it("a length that is zero, too short, not minimal or endless is refused", async () => {
    const { root } = await sample();
    const header = encodeCarHeader(root);
    for (const length of [[0], [35], [0xa4, 0x00], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]]) {
      await refused("CAR_BAD_SECTION", concat([header, Uint8Array.from(length), new Uint8Array(100)]), root);
    }
  });
});

describe("verifyCar keeps its limits before it spends the memory", () => {
  it("a block may be as large as the limit and not a byte larger", async () => {
    const x = await raw("x".repeat(1000));
    assert.equal((await blocksOf(carBytes(x.cid, x), x.cid, { limits: { blockBytes: 1000 } })).length, 1);
    const error = await refused("CAR_LIMIT", carBytes(x.cid, x), x.cid, { limits: { blockBytes: 999 } });
    assert.match(error.message, /999/);
  });

  it("500 MB claimed by a length prefix cost nothing, nor do pieces of one byte", async () => {
    const { root } = await sample();
    const claim = varint.encodeTo(500_000_000, new Uint8Array(varint.encodingLength(500_000_000)));
    let pieces = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield concat([encodeCarHeader(root), claim]);
      for (;;) {
        pieces += 1;
        yield new Uint8Array(65_536);
      }
    }
    await assert.rejects(
      verifyCar(endless(), root).next(),
      (error) => error instanceof CarError && error.code === "CAR_LIMIT",
    );
    assert.equal(pieces, 0, "the source is not read on");

    // A block of 2 MiB in pieces of one byte: kept as an array each they would be some 200 MB.
    const large = await block(new Uint8Array(2_097_152), 0x55);
    const car = carBytes(large.cid, large);
    const before = process.memoryUsage().rss;
    assert.equal((await blocksOf(car, large.cid, {}, 1)).length, 1);
    assert.ok(process.memoryUsage().rss - before < 100_000_000);
  });

  it("a CAR may be as large as the limit and not a byte larger", async () => {
    const { car, root } = await sample();
    assert.equal((await blocksOf(car, root, { limits: { carBytes: car.length } })).length, 5);
    await refused("CAR_LIMIT", car, root, { limits: { carBytes: car.length - 1 } });
  });

  it("so it is with blocks, links of a node and levels of links", async () => {
    const { car, root } = await sample();
    assert.equal((await blocksOf(car, root, { limits: { blocks: 5, links: 3, depth: 2 } })).length, 5);
    assert.match(
      (await refused("CAR_LIMIT", car, root, { limits: { blocks: 4 } })).message,
      /more blocks than the 4/,
    );
    assert.match(
      (await refused("CAR_LIMIT", car, root, { limits: { links: 2 } })).message,
      /more links of one node than the 2/,
    );
    assert.match(
      (await refused("CAR_LIMIT", car, root, { limits: { depth: 1 } })).message,
      /more levels of links than the 1/,
    );
  });
});

describe("verifyCar lets go of its source", () => {
  it("a signal ends the wait for a source that hangs", async () => {
    const { car, root } = await sample();
    async function* hanging(): AsyncGenerator<Uint8Array> {
      yield car.subarray(0, 70);
      await new Promise(() => undefined);
    }
    const controller = new AbortController();
    const pending = verifyCar(hanging(), root, { signal: controller.signal }).next();
    setImmediate(() => controller.abort(new Error("too slow")));
    await assert.rejects(pending, /too slow/);
  });

  it("the source is closed after an error, at the end, and when the consumer has enough", async () => {
    const { car, root } = await sample();
    let closed = 0;
    async function* watched(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      try {
        yield* inPieces(bytes, 10);
      } finally {
        closed += 1;
      }
    }
    const drain = async (bytes: Uint8Array): Promise<void> => {
      for await (const _ of verifyCar(watched(bytes), root)) if (bytes.length > car.length) break;
    };
    await drain(car);
    assert.equal(closed, 1);
    await assert.rejects(drain(car.slice(0, -20)), CarError);
    assert.equal(closed, 2);
    await drain(concat([car, car]));
    assert.equal(closed, 3);
  });

  it("an error of the source comes through", async () => {
    const { car, root } = await sample();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield car.subarray(0, 100);
      throw new Error("connection lost");
    }
    await assert.rejects(async () => {
      for await (const _ of verifyCar(broken(), root));
    }, /connection lost/);
  });
});
