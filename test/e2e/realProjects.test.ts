import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createNetworkClient, epochAt, escrow, getFacts } from "@worker3/sdk";
import { until } from "../../node-agent/src/testing/until.ts";
import { type Devnet, startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { generateStaticSite, LARGE_PATH, STATIC_FILES } from "../projects/static/generate.ts";
import { startLoad, visit } from "./support/visit.ts";
import { done, type Who, worker3 } from "./support/worker3.ts";

const root = join(import.meta.dirname, "../..");
const EPOCH_SECONDS = 10;

/** A project as its author has it, and what a visitor may expect of it. */
interface Project {
  readonly name: string;
  /** Writes the project, or its second version over the first. */
  prepare(directory: string, version: 1 | 2): Promise<void>;
  readonly pages: readonly Page[];
  /** A page that tells the version. */
  readonly tells: { readonly path: string; of(version: 1 | 2): string };
  /** A static file of it. */
  readonly asset: string;
}

interface Page {
  readonly path: string;
  readonly status?: number;
  /** A text in it; or all of its bytes. */
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string | RegExp>>;
}

const PROJECTS: readonly Project[] = [
  {
    name: "hono",
    async prepare(directory, version) {
      await copyProject("hono", directory);
      const config = join(directory, "wrangler.jsonc");
      const text = await readFile(config, "utf8");
      await writeFile(config, text.replace(/"VERSION":\s*"[^"]*"/, `"VERSION": "v${version}"`));
    },
    pages: [
      { path: "/", body: "Hono on worker3", headers: { "content-type": /^text\/html/ } },
      { path: "/api/hello/Ada", body: '{"hello":"Ada"}' },
      { path: "/api/hello/no%20spaces", status: 400 },
      { path: "/style.css", headers: { "content-type": /^text\/css/ } },
      { path: "/nowhere", status: 404, body: "not found" },
    ],
    tells: { path: "/api/version", of: (version) => `{"version":"v${version}"}` },
    asset: "style.css",
  },
  {
    name: "static",
    async prepare(directory, version) {
      await mkdir(directory, { recursive: true });
      if (version === 1) assert.equal((await generateStaticSite(directory)).length, STATIC_FILES);
      await writeFile(join(directory, "version.txt"), `version ${version}\n`);
    },
    pages: [
      { path: "/", body: "<h1>Home</h1>" },
      { path: "/about/", body: "A page in a folder." },
      { path: "/about/index.html", status: 307, headers: { location: "/about/" } },
      { path: "/%C3%BCber%20uns", body: "A name with a space and an umlaut." },
      { path: "/%E6%97%A5%E6%9C%AC%E8%AA%9E/%E3%83%9A%E3%83%BC%E3%82%B8", body: "Japanese letters" },
      { path: "/img/pixel%20one.svg", headers: { "cache-control": "public, max-age=3600" } },
      { path: "/home", status: 301, headers: { location: "/" } },
      { path: "/blog/7/", status: 302, headers: { location: "/posts/7/" } },
      { path: "/nowhere", status: 404, body: "There is no such page." },
      { path: "/_headers", status: 404 },
    ],
    tells: { path: "/version.txt", of: (version) => `version ${version}\n` },
    asset: "version.txt",
  },
  {
    name: "sveltekit",
    async prepare(directory, version) {
      await copyProject("sveltekit", directory);
      await mkdir(join(directory, "static"), { recursive: true });
      await writeFile(join(directory, "static/version.txt"), `version ${version}\n`);
      await promisify(execFile)("npx", ["vite", "build"], {
        cwd: directory,
        env: { ...process.env, NODE_OPTIONS: "" },
      });
    },
    pages: [
      { path: "/", body: "<html", headers: { "content-type": /^text\/html/ } },
      { path: "/nowhere", status: 404 },
    ],
    tells: { path: "/version.txt", of: (version) => `version ${version}\n` },
    asset: "version.txt",
  },
];

async function copyProject(name: string, directory: string): Promise<void> {
  const from = join(root, "test/projects", name);
  const skipped = /(^|\/)(node_modules|\.svelte-kit|\.wrangler)(\/|$)/;
  await cp(from, directory, { recursive: true, filter: (path) => !skipped.test(path.slice(from.length)) });
  // Dependencies are installed once for all workspaces, but for those of which two versions are needed.
  for (const [target, path] of [
    [join(from, "node_modules"), join(directory, "node_modules")],
    [join(root, "node_modules"), join(directory, "../node_modules")],
  ] as const) {
    if (existsSync(target) && !existsSync(path)) await symlink(target, path);
  }
}

describe("real projects on three nodes", function () {
  this.timeout(300_000);

  let devnet: Devnet;
  let folder: string;
  let who: Who;
  /** What visitors asked of each project, counted as they did. */
  const asked = new Map<string, { requests: number; bytes: number }>();

  const domainOf = ({ name }: Project) => `${name}.worker3.localhost`;
  const directoryOf = ({ name }: Project) => join(folder, name);

  function count(project: Project, requests: number, bytes: number): void {
    const before = asked.get(project.name) ?? { requests: 0, bytes: 0 };
    asked.set(project.name, { requests: before.requests + requests, bytes: before.bytes + bytes });
  }

  async function ask(project: Project, http: string, path: string) {
    const answer = await visit(http, domainOf(project), path);
    count(project, 1, answer.body.length);
    return answer;
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-e2e-"));
    devnet = await startOwnDevnet({ nodes: 3, epochSeconds: EPOCH_SECONDS });
    who = { networkFile: devnet.networkFile, key: devnet.accounts.deployer?.privateKey ?? "" };
  });

  after(async () => {
    await devnet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const project of PROJECTS) {
    describe(project.name, () => {
      const domain = domainOf(project);

      it("is deployed to a replica on each node", async () => {
        await project.prepare(directoryOf(project), 1);
        const deployed = await done(
          [
            "deploy",
            directoryOf(project),
            "--domain",
            domain,
            "--nodes",
            "1,2,3",
            "--deposit",
            "100",
            "--yes",
          ],
          who,
        );
        assert.equal(deployed.version, 1);
        assert.match(deployed.cid, /^bafybei/);
        assert.deepEqual(
          deployed.replicas.map(({ nodeId, ready }: { nodeId: number; ready: boolean }) => [nodeId, ready]),
          [1, 2, 3].map((nodeId) => [nodeId, true]),
        );
        assert.equal(deployed.urls.length, 3);
      });

      it("every replica answers by Host with the right bytes, and says who answers and which version", async () => {
        for (const { nodeId, http } of devnet.nodes) {
          for (const page of [...project.pages, { path: project.tells.path, body: project.tells.of(1) }]) {
            const { status, headers, body } = await ask(project, http, page.path);
            const where = `${http}${page.path}: ${body.subarray(0, 300)}`;
            assert.equal(status, page.status ?? 200, where);
            assert.equal(headers["worker3-node"], String(nodeId), where);
            assert.equal(headers["worker3-version"], "1", where);
            if (typeof page.body === "string") assert.ok(body.toString().includes(page.body), where);
            for (const [name, value] of Object.entries(page.headers ?? {})) {
              if (typeof value === "string") assert.equal(headers[name], value, where);
              else assert.match(String(headers[name]), value, where);
            }
          }
        }
      });

      it("no replica shows what the deployment has below .worker3, and none charges for the question", async () => {
        for (const { http } of devnet.nodes) {
          for (const path of ["/.worker3/manifest.json", "/%2eworker3/worker/index.js", "/.Worker3/"]) {
            // Not `ask`: it would have to stand in a receipt.
            const { status, headers } = await visit(http, domain, path);
            assert.deepEqual([status, headers["worker3-error"]], [404, "NOT_FOUND"], `${http}${path}`);
          }
        }
      });

      it("a second version goes live everywhere without one failed request", async () => {
        await project.prepare(directoryOf(project), 2);
        const loads = devnet.nodes.map(({ http }) => startLoad(http, domain, project.tells.path));
        const deployed = await done(["deploy", directoryOf(project), "--domain", domain, "--yes"], who);
        assert.equal(deployed.version, 2);
        await endLoads(project, loads, ["1", "2"]);
        for (const { http } of devnet.nodes) {
          assert.equal((await ask(project, http, project.tells.path)).body.toString(), project.tells.of(2));
        }
      });

      it("rollback brings the first version back, without one failed request", async () => {
        const loads = devnet.nodes.map(({ http }) => startLoad(http, domain, project.tells.path));
        const { version } = await done(["rollback", domain, "--yes"], who);
        assert.equal(version, 1);
        for (const { http } of devnet.nodes) {
          await until(
            `version 1 at ${http}`,
            async () => (await ask(project, http, project.tells.path)).headers["worker3-version"] === "1",
          );
        }
        await endLoads(project, loads, ["1", "2"]);
        const { active, versions } = await done(["versions", domain], who);
        assert.equal(active, 1);
        assert.deepEqual(
          versions.map(({ version, by }: { version: number; by: string }) => [version, by]),
          [1, 2].map((version) => [version, devnet.accounts.deployer?.address]),
        );
      });
    });
  }

  async function endLoads(
    project: Project,
    loads: ReturnType<typeof startLoad>[],
    versions: string[],
  ): Promise<void> {
    for (const load of loads) {
      // Fewer were no steady load.
      await until("twenty answers", () => load.answered > 20);
      const { requests, bytes, failures, versions: seen } = await load.stop();
      count(project, requests, bytes);
      assert.deepEqual(failures, []);
      assert.deepEqual([...seen.keys()].sort(), versions);
    }
  }

  describe("a file of 20 MB", () => {
    it("the large file arrives whole, also in parts", async () => {
      const [project] = PROJECTS.filter(({ name }) => name === "static");
      assert.ok(project);
      const original = await readFile(join(directoryOf(project), LARGE_PATH));
      for (const { http } of devnet.nodes) {
        const { status, body } = await ask(project, http, `/${LARGE_PATH}`);
        assert.equal(status, 200);
        assert.ok(body.equals(original), `${body.length} of ${original.length} bytes`);
      }
    });
  });

  describe("after the epochs", () => {
    let lastEpoch: number;

    before(async () => {
      // Who asks the credit back is served no longer: what a seat holds would go on earning.
      for (const project of PROJECTS) {
        await done(["credit", "withdraw", domainOf(project), "all", "--yes"], who);
      }
      // Everything asked so far is in epochs up to this one.
      lastEpoch = epochAt(devnet.network.times, Date.now() / 1000);
      const client = createNetworkClient({ network: devnet.network });
      const settled = lastEpoch + devnet.network.times.late + devnet.network.times.dispute + 2;
      await until(
        "every receipt is claimed",
        async () => {
          const { timestamp } = await client.publicClient.getBlock();
          if (epochAt(devnet.network.times, timestamp) < settled) return false;
          const statuses = await Promise.all(
            devnet.nodes.map(({ nodeId }) =>
              done(["node", "status", "--state", join(devnet.stateDirectory, `n${nodeId}`)], who),
            ),
          );
          return statuses.every(({ earned }) => earned?.pending === "0" && earned.claimable === "0");
        },
        { timeoutMs: EPOCH_SECONDS * 16_000 },
      );
    });

    after(async () => {
      for (const project of PROJECTS) {
        await done(["credit", "withdraw", domainOf(project), "--cancel"], who);
      }
      await until(
        "what can be paid for is served again",
        async () => {
          const visits = PROJECTS.flatMap((project) =>
            devnet.nodes.map(({ http }) => visit(http, domainOf(project), project.tells.path)),
          );
          return (await Promise.all(visits)).every(({ status }) => status === 200);
        },
        { timeoutMs: EPOCH_SECONDS * 3_000 },
      );
    });

    for (const project of PROJECTS) {
      it(`${project.name}: the receipts are the requests that were made, to the request, and the bytes to the KiB`, async () => {
        const { receipts } = await done(["receipts", domainOf(project)], who);
        const sum = (name: string) =>
          receipts.reduce(
            (total: number, receipt: Record<string, string>) => total + Number(receipt[name]),
            0,
          );
        const made = asked.get(project.name) ?? { requests: 0, bytes: 0 };
        assert.equal(sum("requests"), made.requests);
        // Each receipt is rounded down once.
        const kib = made.bytes / 1024;
        assert.ok(
          sum("egressKiB") <= kib && sum("egressKiB") > kib - receipts.length,
          `${sum("egressKiB")} of ${kib}`,
        );
        assert.ok(sum("cpuMs") > 0);
        assert.ok(receipts.every(({ state }: { state: string }) => state === "claimed"));
      });
    }

    it("credits fell by exactly what claims and fees add up to", async () => {
      const client = createNetworkClient({ network: devnet.network });
      const { publicClient, network } = client;
      const facts = await getFacts({
        client: publicClient,
        network,
        fromBlock: 0n,
        toBlock: await publicClient.getBlockNumber(),
      });
      let deposited = 0n;
      let paid = 0n;
      for (const fact of facts) {
        if (fact.contract === "creditEscrow" && fact.kind === "Deposited") deposited += fact.args.amount;
        if (fact.contract === "usageSettlement" && fact.kind === "Claimed")
          paid += fact.args.paid + fact.args.fee;
      }
      let left = 0n;
      for (const projectId of [1n, 2n, 3n]) left += (await escrow.accountOf(client, { projectId })).balance;
      assert.ok(paid > 0n);
      assert.equal(deposited - left, paid);
    });
  });

  describe("verification", () => {
    for (const project of PROJECTS) {
      it(`${project.name}: verify finds each replica's static bytes equal to what the chain names`, async () => {
        const found = await done(["verify", domainOf(project), "--all"], who);
        assert.equal(found.ok, true);
        assert.deepEqual(
          found.replicas.map(({ nodeId, mismatches }: { nodeId: number; mismatches: unknown[] }) => [
            nodeId,
            mismatches,
          ]),
          [1, 2, 3].map((nodeId) => [nodeId, []]),
        );
        assert.ok(found.replicas.every(({ files }: { files: number }) => files > 0));
      });
    }

    it("verify finds the replica that serves one changed byte", async () => {
      const project = PROJECTS[1];
      assert.ok(project);
      const { cid } = await done(["verify", domainOf(project)], who);
      const file = join(devnet.stateDirectory, "n2/content", cid, "folder/assets", project.asset);
      const bytes = await readFile(file);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      await rm(file);
      await writeFile(file, bytes);
      const { code, document } = await worker3(["verify", domainOf(project), "--all"], who);
      assert.equal(code, 1);
      assert.equal(document.ok, false);
      for (const { nodeId, mismatches } of document.replicas) {
        assert.deepEqual(
          mismatches.map(({ path }: { path: string }) => path),
          nodeId === 2 ? [project.asset] : [],
          `node ${nodeId}: ${JSON.stringify(mismatches)}`,
        );
      }
    });
  });
});
