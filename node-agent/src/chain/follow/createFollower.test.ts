import assert from "node:assert/strict";
import { nodes, pack, projects } from "@worker3/sdk";
import { createTestNetwork, type TestNetwork, testAccount } from "@worker3/sdk/testing";
import { createTestClient, http, type TestClient } from "viem";
import { checkpointTable } from "../../ledger/checkpointTable.ts";
import { factTable } from "../../ledger/factTable.ts";
import { openLedger } from "../../ledger/openLedger.ts";
import { projectTable } from "../../ledger/projectTable.ts";
import { createLogger } from "../../logging/createLogger.ts";
import { type RpcProxy, startRpcProxy } from "../../testing/rpcProxy.ts";
import { until } from "../../testing/until.ts";
import type { ChainTables } from "../applyFacts.ts";
import { createChainView, type KeptChainView } from "../view/createChainView.ts";
import {
  type ChainStatus,
  createFollower,
  type FollowerSettings,
  type FollowParameters,
} from "./createFollower.ts";

const NODE = 1;

interface LogEntry {
  readonly msg: string;
  readonly err?: { readonly message: string; readonly stack?: string };
}
const DOMAIN = "shop.worker3.localhost";

describe("following the chain", function () {
  this.timeout(60_000);

  let chain: TestNetwork;
  let proxy: RpcProxy;
  let anvil: TestClient;
  let tables: ChainTables & { view: KeptChainView };
  let log: LogEntry[];
  let running: { stop(): Promise<void>; status(): ChainStatus } | undefined;
  const cids: string[] = [];

  before(async () => {
    for (const text of ["one", "two", "three"]) {
      const { cid } = await pack([{ path: "worker3.json", content: new TextEncoder().encode(text) }]);
      cids.push(cid);
    }
  });

  beforeEach(async () => {
    log = [];
    chain = await createTestNetwork();
    const [rpcUrl] = chain.network.rpcUrls;
    anvil = createTestClient({ mode: "anvil", transport: http(rpcUrl) });
    proxy = await startRpcProxy(rpcUrl);
    tables = tablesAt(":memory:");
    const owner = await chain.as(testAccount(1));
    await nodes.register(owner, {
      operator: testAccount(2).address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 1_000_000_000n,
    });
    await nodes.setAccepting(owner, { nodeId: NODE, untilEpoch: 20 });
  });

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    tables.ledger.close();
    await proxy.stop();
    await chain.stop();
  });

  function tablesAt(path: string): typeof tables {
    const ledger = openLedger(path);
    const [facts, projects] = [factTable(ledger), projectTable(ledger)];
    const view = createChainView({ ledger, facts, projects, network: chain.network, nodeId: NODE });
    return { ledger, facts, checkpoints: checkpointTable(ledger), projects, view };
  }

  function follow(
    rpcUrls: readonly [string, ...string[]],
    {
      backfillBlocks = 10_000,
      requestTimeoutMs = 15_000,
      onHead = () => {},
    }: Partial<
      Pick<FollowerSettings, "backfillBlocks" | "requestTimeoutMs"> & Pick<FollowParameters, "onHead">
    > = {},
  ): void {
    const stop = new AbortController();
    const follower = createFollower({
      tables,
      network: { ...chain.network, rpcUrls },
      nodeId: NODE,
      settings: { pollMs: 50, requestTimeoutMs, backfillBlocks },
      logger: createLogger({
        level: "warn",
        destination: { write: (line) => void log.push(JSON.parse(line)) },
      }),
    });
    const following = follower.follow({ signal: stop.signal, onHead });
    running = {
      status: follower.status,
      async stop() {
        stop.abort();
        await following;
      },
    };
  }

  const project = (id = 1n) => tables.view.project(id);
  const deploy = async (cid: string | undefined) => {
    assert.ok(cid);
    return projects.deploy(await chain.as(testAccount(3)), { domain: DOMAIN, cid });
  };
  const activeCid = () => {
    const { active, versions } = project();
    return versions.find(({ version }) => version === active)?.cid;
  };
  const errorCode = () => running?.status().error?.code;

  it("tells what holds of a project, however many blocks are asked for at once", async () => {
    await deploy(cids[0]);
    await deploy(cids[1]);
    await projects.activate(await chain.as(testAccount(3)), {
      projectId: 1n,
      version: 1,
      digest: (await projects.versionOf(await chain.as(testAccount(3)), { projectId: 1n, version: 1 }))
        .digest,
    });
    for (const backfillBlocks of [1, 3, 10_000]) {
      follow([proxy.url], { backfillBlocks });
      await until(
        "version 1 is active again",
        () => project().versions.length === 2 && project().active === 1,
      );
      const { owner, domains, terms } = project();
      assert.equal(owner, testAccount(3).address);
      assert.deepEqual(domains, [DOMAIN]);
      assert.deepEqual(terms.at(-1)?.nodeIds, [NODE]);
      assert.equal(terms.at(-1)?.cap, 1_000_000n);
      assert.deepEqual(tables.projects.listOwn(), [1n]);
      assert.deepEqual(tables.projects.listDirty(), [1n]);
      await running?.stop();
      tables.ledger.close();
      tables = tablesAt(":memory:");
    }
  });

  it("over a WebSocket a new version is known as soon as its block is", async () => {
    const socketUrl = chain.network.rpcUrls[0].replace("http", "ws");
    follow([socketUrl, proxy.url]);
    await deploy(cids[0]);
    await until("the version", () => activeCid() === cids[0]);
  });

  it("goes on from its cursor after a restart, without asking for what it has", async () => {
    await deploy(cids[0]);
    follow([proxy.url]);
    await until("the first version", () => activeCid() === cids[0]);
    await running?.stop();
    const rows = tables.facts.count();
    const asked: unknown[] = [];
    proxy.tamper = ({ method, params }) => {
      if (method === "eth_getLogs") asked.push(params);
      return undefined;
    };
    await deploy(cids[1]);
    follow([proxy.url]);
    await until("the second version", () => activeCid() === cids[1]);
    assert.equal(asked.length, 1, JSON.stringify(asked));
    assert.ok(tables.facts.count() > rows);
  });

  it("a version that is reorganised away is gone, and one that comes back is there again", async () => {
    await deploy(cids[0]);
    follow([proxy.url]);
    await until("the first version", () => activeCid() === cids[0]);
    await anvil.mine({ blocks: 3 });
    await deploy(cids[1]);
    await until("the second version", () => activeCid() === cids[1]);
    tables.projects.clean(1n);

    await anvil.request({ method: "anvil_reorg", params: [1, []] } as never);
    await until("the first version again", () => activeCid() === cids[0]);
    assert.deepEqual(project().versions.length, 1);
    assert.deepEqual(tables.projects.listDirty(), [1n]);

    await deploy(cids[1]);
    await until("the second version again", () => activeCid() === cids[1]);
  });

  it("a reorganisation has the credit of every project asked for again", async () => {
    const stranger = 77n;
    tables.projects.own(stranger);
    const answer = { epoch: 1, available: 5n, budget: 1n };
    tables.projects.setFunding(stranger, { ...answer, generation: 0 });
    await deploy(cids[0]);
    follow([proxy.url]);
    await until("the first version", () => activeCid() === cids[0]);
    assert.equal(tables.projects.funding(stranger).epoch, 1);
    for (const id of tables.projects.listDirty()) tables.projects.clean(id);
    await anvil.request({ method: "anvil_reorg", params: [1, []] } as never);
    await until("no version any more", () => activeCid() === undefined);
    assert.notEqual(tables.projects.funding(stranger).epoch, 1);
    assert.deepEqual(tables.projects.listDirty(), [1n, stranger]);
  });

  it("goes back behind the project's first block, and behind everything it knows", async () => {
    await anvil.mine({ blocks: 5 });
    await deploy(cids[0]);
    follow([proxy.url]);
    await until("the first version", () => activeCid() === cids[0]);
    await anvil.request({ method: "anvil_reorg", params: [4, []] } as never);
    await until("no project", () => project().owner === undefined);
    await deploy(cids[2]);
    await until("another first version", () => activeCid() === cids[2]);
  });

  it("one RPC that tells a log of another block is not believed", async () => {
    await deploy(cids[0]);
    proxy.tamper = ({ method }, result) =>
      method === "eth_getLogs"
        ? (result as object[]).map((log) => ({
            ...log,
            blockHash: `0x${"11".repeat(32)}`,
            blockNumber: "0xffff",
          }))
        : undefined;
    follow([proxy.url]);
    await until("the lie is noticed", () => errorCode() === "RPC_LIES");
    assert.equal(tables.facts.count(), 0);
    proxy.tamper = undefined;
    await until("the truth", () => activeCid() === cids[0]);
    await until("no error any more", () => errorCode() === undefined);
  });

  it("a log of a stranger's contract is not believed, and named", async () => {
    await deploy(cids[0]);
    proxy.tamper = ({ method }, result) =>
      method === "eth_getLogs"
        ? (result as object[]).map((log) => ({ ...log, address: testAccount(5).address }))
        : undefined;
    follow([proxy.url]);
    await until("the lie is noticed", () => errorCode() === "FOREIGN_LOG");
    assert.match(running?.status().error?.value ?? "", new RegExp(testAccount(5).address, "i"));
    assert.equal(tables.facts.count(), 0);
  });

  it("with two RPCs a forged pointer is not acted on", async () => {
    const other = await startRpcProxy(chain.network.rpcUrls[0]);
    try {
      await deploy(cids[0]);
      follow([proxy.url, other.url]);
      await until("the first version", () => activeCid() === cids[0]);
      const [honest, forged] = [cids[1], cids[2]];
      assert.ok(honest && forged);
      const hex = (text: string) => Buffer.from(text).toString("hex");
      proxy.tamper = ({ method }, result) =>
        method === "eth_getLogs"
          ? (JSON.parse(JSON.stringify(result).replace(hex(honest), hex(forged))) as unknown)
          : undefined;
      await deploy(honest);
      await until("they disagree", () => errorCode() === "RPC_DISAGREE");
      assert.equal(activeCid(), cids[0]);
      proxy.tamper = undefined;
      await until("they agree", () => activeCid() === honest);
    } finally {
      await other.stop();
    }
  });

  it("an RPC that falls silent leaves what is known, and is caught up with", async () => {
    await deploy(cids[0]);
    follow([proxy.url], { requestTimeoutMs: 1_000 });
    await until("the first version", () => activeCid() === cids[0]);
    proxy.isSilent = true;
    await until("the silence is noticed", () => /RPC_(TIMEOUT|UNREACHABLE)/.test(errorCode() ?? ""));
    await deploy(cids[1]);
    assert.equal(activeCid(), cids[0]);
    proxy.isSilent = false;
    await until("the second version", () => activeCid() === cids[1]);
  });

  for (const [how, fail] of [
    [
      "throws",
      () => {
        throw new TypeError("a bug of the consumer");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("a bug of the consumer"))],
  ] as const) {
    it(`a consumer of heads that ${how} says nothing of the RPC, and is told again without a new head`, async () => {
      const other = await startRpcProxy(chain.network.rpcUrls[0]);
      try {
        let otherLed = false;
        other.tamper = ({ method, params }) => {
          // Only who leads is asked for the newest block.
          otherLed ||= method === "eth_getBlockByNumber" && (params as unknown[])[0] === "latest";
          return undefined;
        };
        await deploy(cids[0]);
        const told: ChainStatus[] = [];
        follow([proxy.url, other.url], {
          onHead(status) {
            told.push(status);
            if (told.length <= 3) return fail();
          },
        });
        await until("it was told until it went well", () => told.length > 3);
        assert.equal(activeCid(), cids[0]);
        await deploy(cids[1]);
        const { number } = await (await chain.as(testAccount(1))).publicClient.getBlock();
        await until("it is told of the next head", () => told.at(-1)?.head?.number === number);
        assert.equal(activeCid(), cids[1]);
        assert.ok(told.every(({ error }) => error === undefined));
        assert.equal(otherLed, false, "the RPC was changed");
        assert.deepEqual(
          log.map(({ msg, err }) => [msg, err?.message]),
          Array(3).fill(["a new head could not be acted on", "a bug of the consumer"]),
        );
        assert.match(log[0]?.err?.stack ?? "", /createFollower\.test\.ts/);
      } finally {
        await other.stop();
      }
    });
  }

  it("a ledger that fails is not the RPC's fault, and is told as what it is", async () => {
    const other = await startRpcProxy(chain.network.rpcUrls[0]);
    try {
      let otherLed = false;
      other.tamper = ({ method, params }) => {
        otherLed ||= method === "eth_getBlockByNumber" && (params as unknown[])[0] === "latest";
        return undefined;
      };
      await deploy(cids[0]);
      let isBroken = true;
      const { facts } = tables;
      const insert: typeof facts.insert = (rows) => {
        if (isBroken) throw new TypeError("a bug of the ledger");
        facts.insert(rows);
      };
      tables = { ...tables, facts: { ...facts, insert } };
      const failures: unknown[] = [];
      follow([proxy.url, other.url], { onHead: ({ error }) => void failures.push(error?.code) });
      await until("it failed twice", () => failures.filter(Boolean).length >= 2);
      assert.deepEqual([...new Set(failures)], ["FACTS_NOT_BOOKED"]);
      assert.equal(otherLed, false, "the RPC was changed");
      isBroken = false;
      await until("the version", () => activeCid() === cids[0] && errorCode() === undefined);
    } finally {
      await other.stop();
    }
  });

  it("an RPC that refuses long ranges is asked for shorter ones", async () => {
    await anvil.mine({ blocks: 40 });
    await deploy(cids[0]);
    let refused = 0;
    proxy.tamper = ({ method, params }) => {
      if (method !== "eth_getLogs") return undefined;
      const [{ fromBlock = "0x0", toBlock = "0x0" }] = params as [{ fromBlock?: string; toBlock?: string }];
      if (Number(toBlock) - Number(fromBlock) < 8) return undefined;
      refused += 1;
      throw new Error("too long");
    };
    follow([proxy.url]);
    await until("the first version", () => activeCid() === cids[0]);
    assert.ok(refused > 0);
  });

  it("an RPC that lags behind takes nothing back", async () => {
    await deploy(cids[0]);
    follow([proxy.url]);
    await until("the first version", () => activeCid() === cids[0]);
    const before = await (await chain.as(testAccount(1))).publicClient.request({
      method: "eth_getBlockByNumber",
      params: ["latest", false],
    });
    await anvil.mine({ blocks: 2 });
    await until("the new head", () => Number(running?.status().head?.number) === Number(before?.number) + 2);
    const calls = proxy.calls;
    proxy.tamper = ({ method, params }) =>
      method === "eth_getBlockByNumber" && (params as unknown[])[0] === "latest" ? before : undefined;
    await until("it was asked again", () => proxy.calls > calls + 3);
    assert.equal(Number(tables.checkpoints.newest()?.number), Number(before?.number) + 2);
    assert.equal(activeCid(), cids[0]);
  });
});
