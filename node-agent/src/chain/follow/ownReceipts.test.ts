import assert from "node:assert/strict";
import {
  encodeReceipts,
  escrow,
  getFacts,
  nodes,
  projects,
  settlement,
  signUsageBatch,
  statementsDigest,
} from "@worker3/sdk";
import { testAccount } from "@worker3/sdk/testing";
import { keccak256, toHex } from "viem";
import { until } from "../../testing/until.ts";
import { FollowWorld, NODE } from "../testing/followWorld.ts";
import { logFilters } from "./logFilters.ts";

const CAP = 1_000_000n;
const OTHER = 2;
const OPERATOR = testAccount(2);

interface AskedLogs {
  readonly topics?: readonly (readonly string[] | null)[];
}

describe("the receipts that a node reads", function () {
  this.timeout(60_000);

  let world: FollowWorld;
  let projectId: bigint;

  before(async () => {
    world = await FollowWorld.start();
    const nodeOwner = await world.chain.as(testAccount(1));
    await nodes.register(nodeOwner, {
      operator: OPERATOR.address,
      region: "weur",
      endpoint: "http://127.0.0.1:8102",
      stake: 1_000_000_000n,
    });
    await nodes.setPresence(nodeOwner, { nodeId: OTHER, untilEpoch: 20, leastCap: 0n });
    const owner = await world.chain.as(testAccount(3));
    ({ projectId } = await projects.createProjectOn(owner, {
      domain: "shop.example",
      nodeIds: [NODE, OTHER],
      cap: CAP,
    }));
    await escrow.deposit(owner, { projectId, amount: 500n * CAP });
  });
  beforeEach(() => {
    world.tables.ledger.close();
    world.tables = world.tablesAt(":memory:");
    world.proxy.tamper = undefined;
  });
  afterEach(() => world.stopFollowing());
  after(() => world.stop());

  /** Has a node's usage of the epoch that is now counted when it is over; says which epoch it was. */
  async function count(...nodeIds: number[]): Promise<number> {
    const epoch = await world.chain.epoch();
    await world.chain.toEpoch(epoch + 1);
    const { network } = world.chain;
    for (const nodeId of nodeIds) {
      const statements = statementsDigest([keccak256(toHex(`${nodeId} ${epoch}`))]);
      const usage = { projectId, requests: 1_000n, cpuMs: 5n, egressKiB: 5n, storedMiB: 0n };
      const batch = { nodeId, epoch, statements, receipts: encodeReceipts([usage]) };
      const signature = await signUsageBatch({ network, signer: OPERATOR, batch });
      await settlement.submit(await world.chain.as(testAccount(4)), { ...batch, signature });
    }
    return epoch;
  }
  const booked = (epoch: number) => world.tables.view.account.batchesOf(epoch).length;
  /** All logs of the settlement that were told, and how often it was asked for them. */
  function watchSettlement() {
    const seen = { nodes: [] as number[], asked: 0 };
    const counted = logFilters(world.chain.network, NODE).find(({ topics }) => topics.length === 2)
      ?.topics[0];
    world.proxy.tamper = ({ method, params }, result) => {
      if (method !== "eth_getLogs") return undefined;
      const [{ topics = [] }] = params as [AskedLogs];
      if (topics.length > 0) seen.asked += 1;
      for (const log of result as { topics: string[] }[])
        if (counted?.some((topic) => topic === log.topics[0])) seen.nodes.push(Number(log.topics[1]));
      return undefined;
    };
    return seen;
  }

  it("are its own, near the head and far below it", async () => {
    const first = await count(NODE, OTHER);
    await world.anvil.mine({ blocks: 300 });
    const second = await count(OTHER, NODE);
    const seen = watchSettlement();
    world.follow();
    await until("all is read", () => world.status().isSynced);
    assert.deepEqual([booked(first), booked(second)], [1, 1]);
    assert.deepEqual(seen.nodes, [NODE, NODE]);
  });

  it("of a block that has those of others only, nothing is asked", async () => {
    world.follow();
    await until("all is read", () => world.status().isSynced);
    const seen = watchSettlement();
    await count(OTHER);
    const height = await world.height();
    await until("the block is read", () => world.status().head?.number === height);
    assert.deepEqual(seen, { nodes: [], asked: 0 });
  });

  it("are doubted where they are missing although the block's header speaks of them", async () => {
    world.follow();
    await until("all is read", () => world.status().isSynced);
    let empty = 0;
    world.proxy.tamper = ({ method }) => (method === "eth_getLogs" && empty++ < 2 ? [] : undefined);
    const epoch = await count(NODE);
    await until("it is booked", () => booked(epoch) === 1);
    assert.ok(empty >= 3);
  });

  it("are the same where an RPC pays no heed to topics, and it agrees with one that does", async () => {
    const epoch = await count(NODE, OTHER);
    const careless = await world.addProxy();
    careless.answer = async ({ method, params }, ask) => {
      if (method !== "eth_getLogs") return ask({ method, params });
      const [{ topics: _, ...rest }] = params as [AskedLogs];
      return ask({ method, params: [rest] });
    };
    world.follow({ rpcUrls: [careless.url, world.proxy.url] });
    await until("all is read", () => world.status().isSynced);
    assert.equal(world.errorCode(), undefined);
    assert.deepEqual([booked(epoch), world.status().isWitnessed], [1, true]);
  });

  it("of a block whose header tells nothing, one question for everything is asked, and the others' left out", async () => {
    const questions: AskedLogs[] = [];
    world.proxy.tamper = ({ method, params }, result) => {
      if (method === "eth_getLogs") questions.push((params as [AskedLogs])[0]);
      const isBlock = /^eth_getBlockBy/.test(method) && typeof result === "object" && result !== null;
      return isBlock ? { ...result, logsBloom: `0x${"ff".repeat(256)}` } : undefined;
    };
    world.follow();
    await until("all is read", () => world.status().isSynced);
    questions.length = 0;
    const epoch = await count(OTHER, NODE);
    const height = await world.height();
    await until("the blocks are read", () => world.status().head?.number === height);
    assert.equal(booked(epoch), 1);
    assert.deepEqual(
      questions.map(({ topics }) => topics ?? "everything"),
      ["everything", "everything"],
    );
  });

  it("the questions are all that there is, but for what is of other nodes in the settlement", async () => {
    const { network } = world.chain;
    const { publicClient } = await world.chain.as(testAccount(1));
    const toBlock = await world.height();
    const facts = await getFacts({ client: publicClient, network, fromBlock: 0n, toBlock });
    const isOthers = ({ contract, args }: (typeof facts)[number]) =>
      contract === "usageSettlement" && "nodeId" in args && args.nodeId !== NODE;
    const asked = await Promise.all(
      logFilters(network, NODE).map(({ address, topics }) =>
        publicClient.request({
          method: "eth_getLogs",
          params: [
            {
              address: [...address],
              topics: topics.map((values) => values && [...values]),
              fromBlock: "0x0",
              toBlock: "latest",
            },
          ],
        }),
      ),
    );
    const placeOf = (block: number, index: number) => `${block}/${index}`;
    assert.deepEqual(
      asked
        .flat()
        .map(({ blockNumber, logIndex }) => placeOf(Number(blockNumber), Number(logIndex)))
        .sort(),
      facts
        .filter((fact) => !isOthers(fact))
        .map(({ blockNumber, logIndex }) => placeOf(Number(blockNumber), logIndex))
        .sort(),
    );
    assert.ok(facts.some(isOthers));
  });
});
