import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createNetworkClient, epochAt, getFacts } from "@worker3/sdk";
import { type RpcProxy, startAnvil, startRpcProxy } from "@worker3/sdk/testing";
import { Agent, request } from "undici";
import { readAgentConfig } from "../../node-agent/src/config.ts";
import { childrenOf } from "../../node-agent/src/process/childrenOf.ts";
import { pidOf } from "../../node-agent/src/testing/pidOf.ts";
import { until } from "../../node-agent/src/testing/until.ts";
import { type Devnet, startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { type OwnAgent, startAgent } from "../e2e/support/agents.ts";
import { visit } from "../e2e/support/visit.ts";
import { done, type Who } from "../e2e/support/worker3.ts";
import type { Counted } from "./judge.ts";
import type { Place } from "./load.ts";

const run = promisify(execFile);

const NODES = 2;
const EPOCH_SECONDS = 10;
/** What a node has on its disk, and some room. */
const DISK_BYTES = 256 * 1024 * 1024;

export interface ChaosNode {
  readonly nodeId: number;
  readonly http: string;
  readonly stateDirectory: string;
  agent: OwnAgent;
}

/**
 * A devnet whose agents are our own: they ask the chain through two RPCs that can lie, their clocks can jump, their disks are
 * small.
 */
export class ChaosWorld {
  readonly devnet: Devnet;
  readonly rpcs: readonly RpcProxy[];
  /** A chain with the same id that has nothing to do with this one. */
  readonly otherChain: Awaited<ReturnType<typeof startAnvil>>;
  readonly nodes: ChaosNode[] = [];
  readonly edgeKills: { nodeId: number; atMs: number }[] = [];
  readonly #folder: string;
  readonly #faketime: string;
  readonly #who: Who;
  #places: Place[] = [];

  private constructor(
    parts: { devnet: Devnet; rpcs: readonly RpcProxy[]; otherChain: ChaosWorld["otherChain"] },
    paths: { folder: string; faketime: string },
  ) {
    this.devnet = parts.devnet;
    this.rpcs = parts.rpcs;
    this.otherChain = parts.otherChain;
    this.#folder = paths.folder;
    this.#faketime = paths.faketime;
    const { networkFile, accounts } = this.devnet;
    this.#who = { networkFile, key: accounts.deployer?.privateKey ?? "" };
  }

  /** @param faketime The library that makes clocks jump. */
  static async start(faketime: string): Promise<ChaosWorld> {
    const folder = await mkdtemp(join(tmpdir(), "w3-chaos-"));
    const devnet = await startOwnDevnet({ nodes: NODES, epochSeconds: EPOCH_SECONDS });
    const rpcs = [await startRpcProxy(devnet.rpcUrl), await startRpcProxy(devnet.rpcUrl)];
    const otherChain = await startAnvil({ args: ["--block-time", "1"] });
    const world = new ChaosWorld({ devnet, rpcs, otherChain }, { folder, faketime });
    await world.#takeOver();
    return world;
  }

  /** Stops the devnet's agents, and starts the same on small disks and by way of RPCs that can lie. */
  async #takeOver(): Promise<void> {
    for (const { nodeId, http, pid } of this.devnet.nodes) {
      process.kill(pid, "SIGTERM");
      await until("the devnet's agent has ended", () => !isAlive(pid));
      const stateDirectory = join(this.devnet.stateDirectory, `n${nodeId}`);
      const copy = join(this.#folder, `n${nodeId}`);
      await cp(stateDirectory, copy, { recursive: true });
      await run("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "w3-chaos", stateDirectory]);
      await cp(copy, stateDirectory, { recursive: true });
      const path = join(stateDirectory, "node.json");
      const config = JSON.parse(await readFile(path, "utf8"));
      config.network.rpcUrls = this.rpcs.map(({ url }) => url);
      config.chain = { pollMs: 250, requestTimeoutMs: 2_000, stalledMs: 5_000 };
      await writeFile(path, JSON.stringify(config));
      await readAgentConfig(path, stateDirectory);
      await this.setClock(nodeId, "+0");
      const agent = startAgent(stateDirectory, this.#clockOf(nodeId), this.#logFile(nodeId));
      this.nodes.push({ nodeId, http, stateDirectory, agent });
    }
    for (const { agent } of this.nodes) assert.equal((await agent.answer).event, "ready");
  }

  /** Not on the small disk: what is said of a full one is to be read. */
  #logFile(nodeId: number): string {
    return join(this.#folder, `agent-${nodeId}.log`);
  }

  #clockFile(nodeId: number): string {
    return join(this.#folder, `clock-${nodeId}`);
  }

  /** The machine's clock as this node's processes see it; their timers go by the one that does not jump. */
  #clockOf(nodeId: number): Record<string, string> {
    return {
      LD_PRELOAD: this.#faketime,
      FAKETIME_TIMESTAMP_FILE: this.#clockFile(nodeId),
      FAKETIME_CACHE_DURATION: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      FAKETIME_DONT_RESET: "1",
    };
  }

  /** @param offset As libfaketime has it: `+400d`, `-2h`. */
  async setClock(nodeId: number, offset: string): Promise<void> {
    await writeFile(this.#clockFile(nodeId), `${offset}\n`);
  }

  node(nodeId: number): ChaosNode {
    const node = this.nodes.find((one) => one.nodeId === nodeId);
    assert.ok(node, `node ${nodeId}`);
    return node;
  }

  async killAgent(nodeId: number): Promise<void> {
    const node = this.node(nodeId);
    node.agent.child.kill("SIGKILL");
    await node.agent.exited;
    node.agent = startAgent(node.stateDirectory, this.#clockOf(nodeId), this.#logFile(nodeId));
    const answer = await node.agent.answer;
    assert.equal(answer.event, "ready", JSON.stringify(answer));
  }

  async killEdge(nodeId: number): Promise<void> {
    const agent = pidOf(this.node(nodeId).agent.child);
    for (const pid of childrenOf(agent)) {
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      if (!command.includes("edge/embedded/process")) continue;
      this.edgeKills.push({ nodeId, atMs: performance.now() });
      process.kill(pid, "SIGKILL");
    }
  }

  /** Projects on each node: a page alone, and a worker. */
  async deployProjects(): Promise<readonly Place[]> {
    this.#places = [
      ...(await this.deploy("page", { "index.html": "the page\n" })),
      ...(await this.deploy("worker", {
        "index.js": `export default { fetch: () => new Response("the worker\\n") };\n`,
        "wrangler.json": JSON.stringify({
          name: "worker",
          main: "index.js",
          compatibility_date: "2026-11-01",
        }),
      })),
    ];
    return this.#places;
  }

  async deploy(name: string, files: Readonly<Record<string, string>>): Promise<Place[]> {
    const folder = await mkdtemp(join(this.#folder, `${name}-`));
    for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
    const domain = `${name}.worker3.localhost`;
    const ids = this.devnet.nodes.map(({ nodeId }) => nodeId).join();
    const options = ["--domain", domain, "--nodes", ids, "--deposit", "200", "--cap", "2", "--yes"];
    const { projectId } = await done(["deploy", folder, ...options], this.#who);
    const text = files["index.html"] ?? `the ${name}\n`;
    return this.devnet.nodes.map(({ nodeId, http }) => ({ projectId, domain, nodeId, http, text }));
  }

  /** Every project answers on every node, with its own page. */
  async untilAllAnswer(): Promise<void> {
    for (const { http, domain, text, nodeId } of this.#places) {
      await until(`${domain} answers on node ${nodeId}`, async () => {
        const answer = await visit(http, domain).catch(() => undefined);
        return answer?.status === 200 && answer.body.toString() === text;
      });
    }
  }

  /** Every node has read the chain again: without it for more than `late` epochs it may lose, which the docs say. */
  async untilSynced(): Promise<void> {
    for (const { nodeId, stateDirectory } of this.nodes) {
      const dispatcher = new Agent({ connect: { socketPath: join(stateDirectory, "admin.sock") } });
      await until(`node ${nodeId} follows the chain`, async () => {
        const answer = await request("http://admin/status", { dispatcher }).catch(() => undefined);
        const { chain } = ((await answer?.body.json()) ?? {}) as { chain?: { isSynced: boolean } };
        return chain?.isSynced;
      });
      await dispatcher.close();
    }
  }

  /** What the chain counted for each place, once the epoch that is now is counted or too late to be. */
  async untilCounted(): Promise<Counted[]> {
    const { network } = this.devnet;
    const { publicClient } = createNetworkClient({ network });
    const last = epochAt(network.times, Date.now() / 1_000);
    const facts = await until(
      "the last epoch is counted",
      async () => {
        const { number: toBlock, timestamp } = await publicClient.getBlock();
        if (epochAt(network.times, timestamp) <= last + network.times.late) return undefined;
        return getFacts({ client: publicClient, network, fromBlock: 0n, toBlock });
      },
      { timeoutMs: EPOCH_SECONDS * 10_000 },
    );
    return facts.flatMap((fact) => {
      if (fact.kind !== "BatchCounted") return [];
      const { nodeId, epoch, lines } = fact.args;
      return lines.map((line) => ({
        projectId: String(line.projectId),
        nodeId,
        epoch,
        requests: Number(line.requests),
      }));
    });
  }

  /** The epoch of a moment by `performance.now`. */
  epochAtMs(ms: number): number {
    return epochAt(this.devnet.network.times, (performance.timeOrigin + ms) / 1_000);
  }

  /** What the agents wrote of usage, receipts and transactions. */
  async moneyLog(): Promise<string[]> {
    const logs = this.nodes.map(async ({ nodeId }) => {
      const text = await readFile(this.#logFile(nodeId), "utf8");
      const lines = text
        .split("\n")
        .filter((line) => /usage|receipt|batch|statement|transaction|nonce/i.test(line));
      return lines.slice(0, 100).map((line) => `node ${nodeId}: ${line.slice(0, 400)}`);
    });
    return (await Promise.all(logs)).flat();
  }

  async stop(): Promise<void> {
    for (const { agent } of this.nodes) {
      agent.child.kill("SIGTERM");
      await agent.exited;
    }
    for (const { stateDirectory } of this.nodes) await run("umount", [stateDirectory]);
    await this.otherChain.stop();
    for (const rpc of this.rpcs) await rpc.stop();
    await this.devnet.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
