import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { until } from "../../node-agent/src/testing/until.ts";
import { isRunning } from "../../scripts/devnet/readProcess.ts";
import { type Devnet, startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { releasedPackages, tarballOf } from "../../scripts/release/releasedPackages.ts";
import { descendantsOf } from "../e2e/support/leftovers.ts";
import { visit } from "../e2e/support/visit.ts";
import { worker3 } from "../e2e/support/worker3.ts";

const root = join(import.meta.dirname, "../..");
const DOMAIN = "installed.worker3.localhost";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** As on the machine of somebody who has no checkout: a folder and a home of its own, and what was packed. */
describe("the command, installed from what is released", function () {
  this.timeout(300_000);

  let far: string;
  let devnet: Devnet;
  let version: string;
  let agent: ChildProcess | undefined;

  before(async () => {
    far = await mkdtemp(join(tmpdir(), "far-"));
    await mkdir(join(far, "home"));
    const packages = await releasedPackages(root);
    version = packages[0]?.version ?? "";
    const tarballs = packages.map((each) => join(root, "release", tarballOf(each)));
    const cache = process.env.npm_config_cache ?? join(process.env.HOME ?? far, ".npm");
    const quiet = ["--no-audit", "--no-fund", "--cache", cache];
    await ended(start("npm", ["install", "--global", "--prefix", far, ...quiet, ...tarballs]));
    await cp(join(root, "test/projects/hono"), join(far, "hono"), { recursive: true });
    await writeFile(
      join(far, "hono/package.json"),
      '{"type":"module","dependencies":{"hono":"4.13.19","zod":"4.6.7"}}',
    );
    await ended(start("npm", ["install", ...quiet], join(far, "hono")));
    devnet = await startOwnDevnet({ nodes: 2, epochSeconds: 3_600 });
  });

  after(async () => {
    if (agent !== undefined && agent.exitCode === null) {
      agent.kill("SIGTERM");
      await once(agent, "exit");
    }
    await devnet?.stop();
    await rm(far, { recursive: true, force: true });
  });

  /** With the Node of the tests and nothing of the checkout. */
  function environment(): NodeJS.ProcessEnv {
    // How npm reaches the registry from here is the machine's, its certificate authorities too; all else that `npm run`
    // sets is the checkout's.
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(npm_(?!config_)|NODE_OPTIONS$|WORKER3_)/.test(name),
    );
    const path = [dirname(process.execPath), ...(process.env.PATH ?? "").split(":")];
    return {
      ...Object.fromEntries(own),
      NODE_USE_SYSTEM_CA: "1",
      PATH: path.filter((folder) => !folder.includes("node_modules/.bin")).join(":"),
      HOME: join(far, "home"),
      WORKER3_TEST_RUN: process.env.WORKER3_TEST_RUN,
      ...(devnet === undefined ? {} : { WORKER3_NETWORK: devnet.networkFile }),
    };
  }

  function start(file: string, args: readonly string[], cwd = far): ChildProcess {
    return spawn(file, args, { cwd, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
  }

  async function ended(child: ChildProcess): Promise<Ended> {
    assert.ok(child.stdout && child.stderr);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null]>,
    ]);
    assert.equal(code, 0, `${child.spawnargs.join(" ")}\n${stdout}${stderr}`);
    return { code, stdout, stderr };
  }

  const command = () => join(far, "bin/worker3");
  // biome-ignore lint/suspicious/noExplicitAny: each command has a document of its own
  async function done(...args: string[]): Promise<any> {
    return JSON.parse((await ended(start(command(), ["--json", ...args]))).stdout);
  }
  const keyOf = (name: string): string =>
    devnet.accounts[name]?.privateKey ?? assert.fail(`no account ${name}`);

  it("says the version that was released", async () => {
    assert.equal((await ended(start(command(), ["--version"]))).stdout, `${version}\n`);
  });

  it("holds what was built, its licence, and no test", async () => {
    for (const name of ["worker3", "@worker3/sdk", "@worker3/node-agent"]) {
      const folder = join(far, "lib/node_modules", name);
      const files = await readdir(folder, { recursive: true });
      for (const file of ["LICENSE", "package.json", "dist/index.js"])
        assert.ok(files.includes(file), `${name} lacks ${file}`);
      const own = files.filter((file) => !file.startsWith("node_modules/"));
      assert.deepEqual(
        own.filter((file) => /\.test\.|\/testing\//.test(file)),
        [],
      );
    }
  });

  it("packs a project to the CID that it has in a checkout", async () => {
    const here = await done("pack", "hono");
    const { document } = await worker3(["pack", join(far, "hono")]);
    assert.equal(here.cid, document.cid);
  });

  it("deploys and verifies", async () => {
    const deployed = await done(
      ...["deploy", "hono", "--domain", DOMAIN, "--deposit", "10", "--yes"],
      ...["--key", keyOf("deployer")],
    );
    assert.deepEqual(
      deployed.replicas.map(({ ready }: { ready: boolean }) => ready),
      deployed.replicas.map(() => true),
    );
    const [node] = devnet.nodes;
    assert.ok(node);
    const page = await visit(node.http, DOMAIN, "/api/version");
    assert.equal(page.status, 200);
    assert.equal((await done("verify", DOMAIN, "--all")).ok, true);
  });

  it("runs a node, that SIGTERM ends with all that it started", async () => {
    const port = await freePort();
    const state = ["--state", join(far, "n")];
    const owner = ["--key", keyOf("stranger")];
    await done(
      "node",
      "init",
      ...state,
      "--listen",
      `127.0.0.1:${port}`,
      "--operator-key",
      keyOf("stranger"),
    );
    const endpoint = ["--region", "weur", "--endpoint", `http://127.0.0.1:${port}`];
    const { nodeId } = await done("node", "register", ...state, ...endpoint, "--yes", ...owner);
    agent = start(command(), ["node", "start", ...state]);
    agent.stdout?.resume();
    agent.stderr?.resume();
    const said = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/.well-known/worker3/node`).catch(() => undefined);
      return answer?.ok ? ((await answer.json()) as { nodeId: number; version: string }) : undefined;
    };
    await until("the node answers", async () => (await said()) !== undefined, { timeoutMs: 60_000 });
    const document = await said();
    assert.deepEqual([document?.nodeId, document?.version], [nodeId, version]);
    assert.ok(agent.pid !== undefined);
    const processes = descendantsOf(agent.pid);
    assert.ok(processes.length > 1);
    agent.kill("SIGTERM");
    const [code] = await once(agent, "exit");
    assert.equal(code, 0);
    await until("nothing of it runs", () => !processes.some(isRunning));
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : assert.fail("no port");
}
