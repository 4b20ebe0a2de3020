import assert from "node:assert/strict";
import { createTestClient, http, LimitExceededRpcError, type PublicClient, RpcRequestError } from "viem";
import { register, setPresence } from "../contracts/nodes/index.ts";
import type { NetworkWriter } from "../network/createNetworkWriter.ts";
import { testAccount } from "../testing/accounts.ts";
import { createTestNetwork, type TestNetwork } from "../testing/createTestNetwork.ts";
import { rejectsCode } from "../testing/throwsCode.ts";
import { getFacts } from "./getFacts.ts";
import { streamFacts } from "./streamFacts.ts";

describe("streamFacts", () => {
  let net: TestNetwork;
  let owner: NetworkWriter;
  let toBlock: bigint;
  const asked: [fromBlock: bigint, toBlock: bigint][] = [];

  /** The real chain behind an RPC that refuses more than `most` blocks, as public ones do. */
  function limited(most: bigint): Pick<PublicClient, "getLogs"> {
    const { publicClient } = owner;
    return {
      getLogs: (async (range: { fromBlock: bigint; toBlock: bigint }) => {
        asked.push([range.fromBlock, range.toBlock]);
        if (range.toBlock - range.fromBlock + 1n <= most) return publicClient.getLogs(range);
        const error = { code: -32005, message: "query exceeds max block range" };
        throw new LimitExceededRpcError(new RpcRequestError({ body: {}, url: "http://rpc.example", error }));
      }) as PublicClient["getLogs"],
    };
  }

  before(async () => {
    net = await createTestNetwork();
    owner = await net.as(testAccount(1));
    const chain = createTestClient({ mode: "anvil", transport: http(net.network.rpcUrls[0]) });
    for (let i = 0; i < 3; i++) {
      const { nodeId } = await register(owner, {
        operator: testAccount(2).address,
        region: "weur",
        endpoint: "http://127.0.0.1:8101",
        stake: 100_000_000n,
      });
      await chain.mine({ blocks: 50 });
      await setPresence(owner, { nodeId, untilEpoch: 3, leastCap: 0n });
    }
    toBlock = await owner.publicClient.getBlockNumber();
  });
  after(() => net.stop());
  beforeEach(() => void asked.splice(0));

  it("halves the range until the RPC agrees, and misses and repeats nothing", async () => {
    const whole = await getFacts({
      client: owner.publicClient,
      network: net.network,
      fromBlock: 0n,
      toBlock,
    });
    const range = { network: net.network, fromBlock: 0n, toBlock };
    assert.deepEqual(await getFacts({ ...range, client: limited(10n), chunkBlocks: 1_000n }), whole);
    assert.deepEqual(await getFacts({ ...range, client: limited(1n), chunkBlocks: 7n }), whole);
    assert.equal(whole.filter(({ kind }) => kind === "NodeRegistered").length, 3);
    assert.equal(whole.filter(({ kind }) => kind === "PresenceSet").length, 3);
  });

  it("its chunks lie end to end from the first block to the last", async () => {
    let next = 5n;
    for await (const chunk of streamFacts({
      client: limited(16n),
      network: net.network,
      fromBlock: 5n,
      toBlock,
    })) {
      assert.equal(chunk.fromBlock, next);
      assert.ok(
        chunk.facts.every((fact) => fact.blockNumber >= chunk.fromBlock && fact.blockNumber <= chunk.toBlock),
      );
      next = chunk.toBlock + 1n;
    }
    assert.equal(next, toBlock + 1n);
  });

  it("asks for nothing before the network's deployment, and nothing of an empty range", async () => {
    const network = { ...net.network, deploymentBlock: 20n };
    await getFacts({ client: limited(1_000n), network, fromBlock: 0n, toBlock: 30n });
    await getFacts({ client: limited(1_000n), network, fromBlock: 31n, toBlock: 30n });
    assert.deepEqual(asked, [[20n, 30n]]);
  });

  it("gives up when a single block is refused", async () => {
    const all = getFacts({ client: limited(0n), network: net.network, fromBlock: 0n, toBlock: 3n });
    await rejectsCode(all, "RPC_TOO_MUCH");
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const all = getFacts({
      client: limited(1n),
      network: net.network,
      fromBlock: 0n,
      toBlock,
      signal: controller.signal,
    });
    await assert.rejects(all, /enough/);
  });
});
