import assert from "node:assert/strict";
import { custom, RpcRequestError } from "viem";
import { nodeCount } from "../contracts/nodes/node.ts";
import { requiredContracts } from "../contracts/table.ts";
import { exampleAddresses } from "../testing/exampleAddresses.ts";
import { rejectsCode } from "../testing/throwsCode.ts";
import { createNetworkClient } from "./createNetworkClient.ts";
import { createOwnWrites } from "./ownWrites.ts";

interface Asked {
  readonly method: string;
  readonly params?: readonly unknown[];
}

const contracts = exampleAddresses(requiredContracts);
const times = { genesis: 0, epochSeconds: 20, late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 };
const network = {
  chainId: 31_337,
  rpcUrls: ["http://127.0.0.1:1"],
  zone: "worker3.localhost",
  contracts,
  deploymentBlock: 0n,
  times,
} as const;

/** A client of an RPC that answers so; what it was asked. */
function clientOf(answer: (asked: Asked) => unknown, behindMs = 2_000) {
  const asked: Asked[] = [];
  const transport = custom(
    {
      async request(question: Asked) {
        asked.push(question);
        return answer(question);
      },
    },
    { retryCount: 0 },
  );
  return { client: createNetworkClient({ network, transport, behindMs }), asked };
}

const address = contracts.nodeRegistry;
const topics = [`0x${"11".repeat(32)}`, `0x${"22".repeat(32)}`] as [`0x${string}`, `0x${string}`];
const blockHash = `0x${"33".repeat(32)}` as const;
const ownLog = { address, topics, blockNumber: 7n, logIndex: 2 };

describe("reads after an own transaction", () => {
  it("are as they were before there is one", async () => {
    const { client, asked } = clientOf(() => "0x5");
    await client.publicClient.getBalance({ address });
    assert.deepEqual(
      asked.map(({ params }) => params?.[1]),
      ["latest"],
    );
  });

  it("are as ever two minutes later: by then each machine has it, or a reorganisation took it back", async () => {
    let now = 0;
    const writes = createOwnWrites(() => now);
    writes.mined({ blockNumber: 7n, blockHash, logs: [ownLog] });
    writes.mined({ blockNumber: 5n, blockHash, logs: [] });
    now = 119_999;
    assert.deepEqual([writes.newestBlock(), writes.last().length], [7n, 2]);
    now = 120_000;
    assert.deepEqual([writes.newestBlock(), writes.last().length], [undefined, 0]);
    for (let block = 1n; block <= 1_000n; block += 1n)
      writes.mined({ blockNumber: block, blockHash, logs: [ownLog] });
    assert.deepEqual([writes.newestBlock(), writes.last().length], [1_000n, 16]);
  });

  it("name a block that has it, once a machine knows such a block", async () => {
    let head = 5;
    const { client, asked } = clientOf(({ method }) => {
      if (method !== "eth_blockNumber") return "0x1";
      head += 1;
      return `0x${head.toString(16)}`;
    });
    client.ownWrites.mined({ blockNumber: 7n, blockHash, logs: [] });
    await client.publicClient.getBalance({ address });
    assert.deepEqual(asked, [
      { method: "eth_blockNumber" },
      { method: "eth_blockNumber" },
      { method: "eth_getBalance", params: [address, "0x7"] },
    ]);
  });

  it("are asked again of a machine that lacks the block, also where the caller names it", async () => {
    for (const at of [{}, { blockNumber: 7n }]) {
      let refused = 0;
      const { client } = clientOf(({ method }) => {
        if (method === "eth_blockNumber") return "0x7";
        refused += 1;
        if (refused > 3) return "0x9";
        throw new RpcRequestError({
          body: {},
          url: "",
          error: { code: -32_000, message: "header not found" },
        });
      });
      client.ownWrites.mined({ blockNumber: 7n, blockHash, logs: [] });
      assert.equal(await client.publicClient.getBalance({ address, ...at }), 9n);
      assert.equal(refused, 4);
    }
  });

  it("end with an error that says so where no machine gets the block", async () => {
    const { client } = clientOf(({ method }) => (method === "eth_blockNumber" ? "0x6" : "0x"), 100);
    client.ownWrites.mined({ blockNumber: 7n, blockHash, logs: [] });
    const error = await rejectsCode(nodeCount(client), "RPC_BEHIND");
    assert.equal(error.value, "7");
    assert.match(error.message, /block 7/);
    assert.match(error.next ?? "", /another RPC/);
  });

  it("of logs hold the own ones that they ask for", async () => {
    const told = { address, topics, blockNumber: "0x7", logIndex: "0x2", data: "0x" };
    const rows: readonly (readonly [what: string, filter: object, tries: number])[] = [
      ["by contract and topic", { address, topics: [topics[0], [topics[1]]] }, 3],
      ["of all contracts", { topics: [null, topics[1].toUpperCase().replace("0X", "0x")] }, 3],
      ["of another topic", { address, topics: [topics[1]] }, 1],
      ["of another contract", { address: [contracts.asset] }, 1],
      ["of earlier blocks", { address, toBlock: "0x6" }, 1],
      ["of later blocks", { address, fromBlock: "0x8" }, 1],
    ];
    for (const [what, filter, tries] of rows) {
      let asked = 0;
      const { client } = clientOf(({ method }) => {
        if (method !== "eth_getLogs") return null;
        asked += 1;
        return asked < 3 ? [] : [told];
      });
      client.ownWrites.mined({ blockNumber: 7n, blockHash, logs: [ownLog] });
      const range = { fromBlock: "0x0", toBlock: "0x9", ...filter };
      await client.publicClient.request({ method: "eth_getLogs", params: [range as never] });
      assert.equal(asked, tries, what);
    }
  });

  it("of logs do not wait for a block that a reorganisation took back", async () => {
    const { client, asked } = clientOf(({ method }) =>
      method === "eth_getLogs" ? [] : { hash: `0x${"44".repeat(32)}` },
    );
    client.ownWrites.mined({ blockNumber: 7n, blockHash, logs: [ownLog] });
    const params = [{ address, fromBlock: "0x0", toBlock: "0x9" } as never] as [never];
    assert.deepEqual(await client.publicClient.request({ method: "eth_getLogs", params }), []);
    assert.deepEqual([asked.length, client.ownWrites.last().length], [2, 0]);
  });
});
