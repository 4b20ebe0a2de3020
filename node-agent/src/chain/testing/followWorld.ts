import assert from "node:assert/strict";
import { nodes, pack, projects } from "@worker3/sdk";
import {
  createTestNetwork,
  type RpcProxy,
  startRpcProxy,
  type TestNetwork,
  testAccount,
} from "@worker3/sdk/testing";
import { createTestClient, http, type TestClient } from "viem";
import { checkpointTable } from "../../ledger/checkpointTable.ts";
import { factTable } from "../../ledger/factTable.ts";
import { openLedger } from "../../ledger/openLedger.ts";
import { projectTable } from "../../ledger/projectTable.ts";
import { createLogger } from "../../logging/createLogger.ts";
import type { ChainTables } from "../applyFacts.ts";
import {
  type ChainStatus,
  createFollower,
  type Follower,
  type FollowerSettings,
  type FollowParameters,
} from "../follow/createFollower.ts";
import { createChainView, type KeptChainView } from "../view/createChainView.ts";

export const NODE = 1;
export const DOMAIN = "shop.worker3.localhost";

export interface LogEntry {
  readonly msg: string;
  readonly err?: { readonly message: string; readonly stack?: string };
}

type FollowOptions = Partial<FollowerSettings & Pick<FollowParameters, "onHead">> & {
  /** Default: the one proxy. */
  readonly rpcUrls?: readonly [string, ...string[]];
};

/** A real chain behind RPCs that can be made to lie, and what one node's follower makes of it. */
export class FollowWorld {
  readonly chain: TestNetwork;
  readonly anvil: TestClient;
  readonly proxy: RpcProxy;
  readonly log: LogEntry[] = [];
  tables: ChainTables & { view: KeptChainView };
  #proxies: RpcProxy[];
  #running: (Pick<Follower, "status" | "reread" | "compared"> & { stop(): Promise<void> }) | undefined;

  private constructor(chain: TestNetwork, proxy: RpcProxy) {
    const [rpcUrl] = chain.network.rpcUrls;
    this.chain = chain;
    this.anvil = createTestClient({ mode: "anvil", transport: http(rpcUrl) });
    this.proxy = proxy;
    this.#proxies = [proxy];
    this.tables = this.tablesAt(":memory:");
  }

  /** A network with one node that takes projects. */
  static async start(): Promise<FollowWorld> {
    const chain = await createTestNetwork();
    const world = new FollowWorld(chain, await startRpcProxy(chain.network.rpcUrls[0]));
    const owner = await chain.as(testAccount(1));
    await nodes.register(owner, {
      operator: testAccount(2).address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 1_000_000_000n,
    });
    await nodes.setPresence(owner, { nodeId: NODE, untilEpoch: 20, leastCap: 0n });
    return world;
  }

  async stop(): Promise<void> {
    await this.stopFollowing();
    this.tables.ledger.close();
    for (const proxy of this.#proxies) await proxy.stop();
    await this.chain.stop();
  }

  /** One more RPC of the same chain, or of another. */
  async addProxy(target: string = this.chain.network.rpcUrls[0]): Promise<RpcProxy> {
    const proxy = await startRpcProxy(target);
    this.#proxies.push(proxy);
    return proxy;
  }

  tablesAt(path: string): ChainTables & { view: KeptChainView } {
    const ledger = openLedger(path);
    const [facts, projects] = [factTable(ledger), projectTable(ledger)];
    const view = createChainView({ ledger, facts, projects, network: this.chain.network, nodeId: NODE });
    return { ledger, facts, checkpoints: checkpointTable(ledger), projects, view };
  }

  follow({ rpcUrls = [this.proxy.url], onHead = () => {}, ...settings }: FollowOptions = {}): void {
    const stop = new AbortController();
    const follower = createFollower({
      tables: this.tables,
      network: { ...this.chain.network, rpcUrls },
      nodeId: NODE,
      settings: {
        pollMs: 50,
        requestTimeoutMs: 15_000,
        backfillBlocks: 10_000,
        stalledMs: 600_000,
        ...settings,
      },
      logger: createLogger({
        level: "warn",
        destination: { write: (line) => void this.log.push(JSON.parse(line)) },
      }),
    });
    const following = follower.follow({ signal: stop.signal, onHead });
    this.#running = {
      ...follower,
      async stop() {
        stop.abort();
        await following;
      },
    };
  }

  async stopFollowing(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  status(): ChainStatus {
    return this.follower().status();
  }

  follower() {
    assert.ok(this.#running, "nobody follows");
    return this.#running;
  }

  errorCode(): string | undefined {
    return this.#running?.status().error?.code;
  }

  project(id = 1n) {
    return this.tables.view.project(id);
  }

  activeCid(): string | undefined {
    const { active, versions } = this.project();
    return versions.find(({ version }) => version === active)?.cid;
  }

  async deploy(cid: string | undefined) {
    assert.ok(cid);
    return projects.deploy(await this.chain.as(testAccount(3)), { domain: DOMAIN, cid });
  }

  /** The number of the chain's newest block. */
  async height(): Promise<bigint> {
    return (await this.chain.as(testAccount(1))).publicClient.getBlockNumber({ cacheTime: 0 });
  }

  /** Another block of this number takes the place of the newest one, as deep as that. */
  async reorganise(depth: number): Promise<void> {
    await this.anvil.request({ method: "anvil_reorg", params: [depth, []] } as never);
  }
}

/** CIDs of some deployments that nobody has. */
export async function someCids(count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, (_, i) => `deployment ${i}`);
  const packed = texts.map((text) => pack([{ path: "index.html", content: new TextEncoder().encode(text) }]));
  return (await Promise.all(packed)).map(({ cid }) => cid);
}
