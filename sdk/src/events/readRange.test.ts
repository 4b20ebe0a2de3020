import assert from "node:assert/strict";
import { HttpRequestError, LimitExceededRpcError, RpcRequestError } from "viem";
import { rejectsCode } from "../testing/throwsCode.ts";
import { type BlockRange, readRange, streamRange } from "./readRange.ts";

const url = "http://rpc.example";

/** An RPC that refuses more than `most` blocks, as public ones do. */
function limited(most: bigint) {
  const asked: bigint[] = [];
  const ask = async ({ fromBlock, toBlock }: BlockRange): Promise<string> => {
    asked.push(toBlock - fromBlock + 1n);
    if (toBlock - fromBlock + 1n <= most) return `${fromBlock}-${toBlock}`;
    const error = { code: -32005, message: "query exceeds max block range" };
    throw new LimitExceededRpcError(new RpcRequestError({ body: {}, url, error }));
  };
  return { ask, asked };
}

async function answers(range: BlockRange, ask: ReturnType<typeof limited>["ask"], chunkBlocks?: bigint) {
  const found: string[] = [];
  for await (const { answer } of streamRange(range, ask, { chunkBlocks })) found.push(answer);
  return found;
}

describe("readRange", () => {
  it("asks for all at once, and for half as many as often as it is refused", async () => {
    const rpc = limited(3n);
    const { toBlock, answer } = await readRange({ fromBlock: 7n, toBlock: 26n }, rpc.ask);
    assert.deepEqual([toBlock, answer, rpc.asked], [8n, "7-8", [20n, 10n, 5n, 2n]]);
  });

  it("gives up when a single block is refused, and at once with what is no refusal", async () => {
    const rpc = limited(0n);
    await rejectsCode(readRange({ fromBlock: 1n, toBlock: 4n }, rpc.ask), "RPC_TOO_MUCH");
    assert.deepEqual(rpc.asked, [4n, 2n, 1n]);
    let asked = 0;
    const broken = async () => {
      asked += 1;
      throw new HttpRequestError({ url });
    };
    await rejectsCode(readRange({ fromBlock: 1n, toBlock: 10_000n }, broken), "RPC_UNREACHABLE");
    assert.equal(asked, 2, "a single block shows that it is not the range");
    const bug = async () => {
      throw new RangeError("a bug");
    };
    await assert.rejects(readRange({ fromBlock: 1n, toBlock: 4n }, bug), RangeError);
  });

  it("takes a connection that breaks for a refusal where a single block is answered", async () => {
    const asked: bigint[] = [];
    const ask = async ({ fromBlock, toBlock }: BlockRange): Promise<string> => {
      asked.push(toBlock - fromBlock + 1n);
      if (toBlock - fromBlock + 1n > 3n) throw new HttpRequestError({ url });
      return "ok";
    };
    const { toBlock } = await readRange({ fromBlock: 1n, toBlock: 20n }, ask);
    assert.deepEqual([toBlock, asked], [2n, [20n, 1n, 10n, 5n, 2n]]);
  });

  it("does not ask for less where the RPC takes no more requests for now", async () => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      throw new HttpRequestError({ url, status: 429 });
    };
    await rejectsCode(readRange({ fromBlock: 1n, toBlock: 4n }, ask), "RPC_LIMITED");
    assert.equal(asked, 1);
  });

  it("ends by its signal while the RPC says nothing", async () => {
    const stop = new AbortController();
    const hung = readRange({ fromBlock: 1n, toBlock: 4n }, () => new Promise<string>(() => {}), stop.signal);
    stop.abort(new Error("enough"));
    await assert.rejects(hung, /enough/);
  });
});

describe("streamRange", () => {
  it("has each block once, whatever the RPC refuses", async () => {
    for (const most of [1n, 2n, 3n, 7n, 100n]) {
      const found = await answers({ fromBlock: 5n, toBlock: 60n }, limited(most).ask);
      let next = 5;
      for (const text of found) {
        const [from = 0, to = 0] = text.split("-").map(Number);
        assert.equal(from, next);
        assert.ok(to >= from && BigInt(to - from) < most);
        next = to + 1;
      }
      assert.equal(next, 61);
    }
  });

  it("asks for more again after a few answers, and never for more than it was told", async () => {
    const rpc = limited(4n);
    await answers({ fromBlock: 1n, toBlock: 56n }, rpc.ask, 8n);
    // A refusal, four answers, the next try of eight blocks ...
    assert.deepEqual(rpc.asked.slice(0, 8), [8n, 4n, 4n, 4n, 4n, 4n, 8n, 4n]);
    assert.ok(rpc.asked.every((blocks) => blocks <= 8n));
  });

  it("asks nothing of an empty range", async () => {
    const rpc = limited(4n);
    assert.deepEqual(await answers({ fromBlock: 9n, toBlock: 8n }, rpc.ask), []);
    assert.deepEqual(rpc.asked, []);
  });
});
