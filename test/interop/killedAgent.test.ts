import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { epochAt } from "@worker3/sdk";
import { Agent } from "undici";
import { until } from "../../node-agent/src/testing/until.ts";
import { isRunning } from "../../scripts/devnet/readProcess.ts";
import { type Devnet, type DevnetNode, startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { type OwnAgent, startAgent } from "../e2e/support/agents.ts";
import { descendantsOf } from "../e2e/support/leftovers.ts";
import { visit } from "../e2e/support/visit.ts";
import { done, type Who } from "../e2e/support/worker3.ts";

const DOMAINS = ["site-a.worker3.localhost", "site-b.worker3.localhost"] as const;
const SPARES = 2;
/** How long an agent serves before it is killed; what it counted in the last second is with the edge alone. */
const LIVES_MS = [0, 1_500, 0] as const;
const VISITS = 25;

describe("an agent in bwrap and control groups, killed with warm cells and spares", function () {
  this.timeout(180_000);

  let devnet: Devnet;
  let node: DevnetNode;
  let state: string;
  let folder: string;
  let agent: OwnAgent | undefined;
  /** A connection for each visit: those to an agent that is killed end with it. */
  const dispatcher = new Agent({ pipelining: 0, headersTimeout: 20_000, bodyTimeout: 20_000 });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-killed-"));
    await writeFile(join(folder, "index.html"), "<h1>still here</h1>");
    // One epoch, in which all is counted.
    devnet = await startOwnDevnet({ nodes: 1, epochSeconds: 3_600 });
    const [first] = devnet.nodes;
    assert.ok(first);
    node = first;
    state = join(devnet.stateDirectory, "n1");
  });

  after(async () => {
    await dispatcher.close();
    agent?.child.kill("SIGTERM");
    await agent?.exited;
    await devnet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts an agent where one was killed. */
  async function restart(): Promise<number> {
    agent = startAgent(state);
    const answer = await agent.answer;
    assert.equal(answer.event, "ready", JSON.stringify(answer));
    return answer.pid;
  }

  /** Ids of cells by what their records say: of projects, and of spares, which are no project's. */
  function cells(): { warm: string[]; spares: string[] } {
    const found = { warm: [] as string[], spares: [] as string[] };
    for (const id of readdirSync(join(state, "cells")).filter((name) => /^[0-9a-f]{8}$/.test(name))) {
      try {
        const record = JSON.parse(readFileSync(join(state, "cells", id, "record.json"), "utf8"));
        found[record.projectId === "0" ? "spares" : "warm"].push(id);
      } catch {
        // It is being made.
      }
    }
    return found;
  }

  async function counted(projectId: string): Promise<number> {
    const epoch = epochAt(devnet.network.times, Date.now() / 1000);
    const path = `/.well-known/worker3/usage/${projectId}/${epoch}`;
    const { status, body } = await visit(node.http, node.host, path, { dispatcher });
    assert.equal(status, 200, body.toString());
    return Number(JSON.parse(body.toString()).totals.requests);
  }

  it("leaves no process, socket or group to the next, which counts each request once", async () => {
    const who: Who = { networkFile: devnet.networkFile, key: devnet.accounts.deployer?.privateKey ?? "" };
    const projects: { domain: string; projectId: string; answered: number }[] = [];
    for (const domain of DOMAINS) {
      const words = ["--domain", domain, "--nodes", "1", "--deposit", "50", "--yes"];
      const { projectId } = await done(["deploy", folder, ...words], who);
      projects.push({ domain, projectId, answered: 0 });
    }
    process.kill(node.pid, "SIGKILL");
    const path = join(state, "node.json");
    const config = JSON.parse(await readFile(path, "utf8"));
    const cellSettings = { ...config.cells, controlGroups: true, spares: SPARES };
    await writeFile(path, JSON.stringify({ ...config, cells: cellSettings }));
    await until("the devnet's agent is gone", () => descendantsOf(node.pid).length === 0);
    let pid = await restart();
    for (const project of projects) project.answered = await counted(project.projectId);

    for (const lifeMs of LIVES_MS) {
      for (const project of projects) {
        for (let i = 0; i < VISITS; i++) {
          const { status, body } = await visit(node.http, project.domain, "/", { dispatcher });
          assert.equal(status, 200, body.toString());
          project.answered += 1;
        }
      }
      const before = await until("cells and spares", () => {
        const { warm, spares } = cells();
        return warm.length === DOMAINS.length && spares.length === SPARES && [...warm, ...spares];
      });
      const processes = descendantsOf(pid);
      const workerds = processes.filter(({ command }) => command.some((word) => word.endsWith("/workerd")));
      assert.ok(workerds.length >= before.length, `${workerds.length} workerd`);
      const groups: string[] = JSON.parse(await readFile(join(state, "cgroups.json"), "utf8")).directories;
      assert.ok(groups.length > 0 && groups.every(existsSync), groups.join());
      // How long it lived is what differs.
      await new Promise((resolve) => setTimeout(resolve, lifeMs));

      process.kill(pid, "SIGKILL");
      // Nobody has to come for that.
      await until("nothing outlives it", () => !processes.some(isRunning), { timeoutMs: 10_000 }).catch(
        (error: unknown) => {
          const left = processes.filter(isRunning).map(({ pid, command }) => `${pid} ${command.join(" ")}`);
          throw new Error([String(error), ...left].join("\n"));
        },
      );
      await agent?.exited;
      pid = await restart();

      const now = readdirSync(join(state, "cells"));
      for (const id of before) assert.ok(!now.includes(id), `the cell ${id} is left`);
      for (const group of groups) assert.ok(!existsSync(group), `${group} is left`);
      await until("somebody listens at each socket", async () => {
        const answers = await Promise.all(socketsIn(state).map(isAnswered));
        return answers.length > 0 && answers.every(Boolean);
      });
      for (const { projectId, domain, answered } of projects) {
        assert.equal(await counted(projectId), answered, `requests of ${domain}`);
      }
    }
  });
});

function socketsIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSocket())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Whether somebody listens there. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
