import assert from "node:assert/strict";
import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  carOf,
  type Folder,
  pack,
  parseDeploymentCid,
  projects,
  serializeManifest,
  verifyCar,
} from "@worker3/sdk";
import { type NodeDouble, playNode } from "../testing/playNode.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { compareReplica } from "../verify/compareReplica.ts";

const FILES: Readonly<Record<string, string>> = {
  "index.html": "<h1>home</h1>",
  "about.html": "<h1>about</h1>",
  "docs/index.html": "<h1>docs</h1>",
  "größe & mehr.txt": "a name with everything",
  "big.bin": "0123456789abcdef".repeat(200_000),
  "old.html": "redirected away",
  "api/hello.json": "{}",
  _headers: "/*\n  x-a: b\n",
  _redirects: "/old /about 301\n",
};
/** Where a visitor finds them. */
const ADDRESSES: Readonly<Record<string, string>> = {
  "/": "index.html",
  "/about": "about.html",
  "/docs/": "docs/index.html",
  "/gr%C3%B6%C3%9Fe%20%26%20mehr.txt": "größe & mehr.txt",
  "/big.bin": "big.bin",
};

/** A worker with these static files. */
function folderOf(files: Readonly<Record<string, string>>): Folder {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return [
    { path: ".worker3/worker/index.js", content: encode("export default {}") },
    {
      path: ".worker3/manifest.json",
      content: serializeManifest({
        manifest: 2,
        main: "index.js",
        modules: { "index.js": "esm" },
        compatibilityDate: "2026-11-01",
        ...(Object.keys(files).length === 0 ? {} : { assets: { runWorkerFirst: ["/api/*"] } }),
      }),
    },
    ...Object.entries(files).map(([path, text]) => ({ path, content: encode(text) })),
  ];
}

describe("verify and export", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let nodes: NodeDouble[];
  let domain: string;
  let cid: string;
  let car: Uint8Array;

  before(async () => {
    const folder = folderOf(FILES);
    cid = (await pack(folder)).cid;
    car = await carOf(folder);
    nodes = [await playNode(1), await playNode(2)];
    chain = await startTestChain(nodes.map(({ endpoint }) => endpoint));
    domain = `shop.${chain.net.network.zone}`;
    await projects.createProjectOn(chain.owner, { domain, nodeIds: [1, 2], cap: 1_000_000n });
    await projects.addVersion(chain.owner, { projectId: 1n, cid, live: true });
  });
  beforeEach(() => {
    for (const { node, asked } of nodes) {
      Object.assign(node, { version: 1, denies: false, silent: false, drops: undefined, canary: undefined });
      node.cars = new Map([[cid, car]]);
      node.pages = new Map(
        Object.entries(ADDRESSES).map(([path, name]) => [`${domain}${path}`, FILES[name] ?? ""]),
      );
      asked.length = 0;
    }
  });
  after(async () => {
    await chain[Symbol.asyncDispose]();
    for (const node of nodes) await node[Symbol.asyncDispose]();
  });

  async function mismatches(): Promise<
    { nodeId: number; path: string; version: number; reason: string; expected: string; got: string }[]
  > {
    const { code, stdout } = await chain.worker3.run("verify", domain, "--json");
    const { ok, replicas } = JSON.parse(stdout);
    assert.deepEqual([code, ok], [1, false], stdout);
    return replicas.flatMap(({ nodeId, mismatches }: { nodeId: number; mismatches: object[] }) =>
      mismatches.map((mismatch) => ({ nodeId, ...mismatch })),
    );
  }

  it("replicas that serve what the chain names are ok; what cannot be compared is listed with its reason", async () => {
    const document = await chain.worker3.json("verify", domain, "--all");
    assert.deepEqual([document.domain, document.cid, document.ok], [domain, cid, true]);
    assert.deepEqual(document.replicas, [
      { nodeId: 1, state: "same", files: 5, mismatches: [] },
      { nodeId: 2, state: "same", files: 5, mismatches: [] },
    ]);
    assert.deepEqual(document.skipped, [
      { path: "api/hello.json", reason: "the worker answers first (runWorkerFirst)" },
      { path: "old.html", reason: "_redirects answers first" },
    ]);
    const [first] = nodes;
    const port = new URL(first?.endpoint ?? "").port;
    assert.deepEqual(
      first?.asked.filter((line) => line.startsWith(domain)).sort(),
      Object.keys(ADDRESSES)
        .map((path) => `${domain} ${path}`)
        .sort(),
      "tenants' pages are asked for by host name, at the node's endpoint",
    );
    assert.equal(first?.asked.filter((line) => line.startsWith(`127.0.0.1:${port} /ipfs/`)).length, 1);
    assert.match((await chain.worker3.run("verify", "1")).stdout, /All replicas serve what the chain names/);
  });

  it("one changed byte on one replica is found", async () => {
    nodes[1]?.node.pages.set(`${domain}/about`, "<h1>abouT</h1>");
    const [found, ...others] = await mismatches();
    assert.deepEqual(others, []);
    assert.deepEqual([found?.nodeId, found?.path, found?.reason], [2, "about.html", "content"]);
    assert.match(found?.expected ?? "", /^sha256 [0-9a-f]{64}$/);
  });

  it("a file that is missing, too long or too short is found", async () => {
    nodes[0]?.node.pages.delete(`${domain}/`);
    nodes[0]?.node.pages.set(`${domain}/about`, "<h1>about</h1>!");
    nodes[0]?.node.pages.set(`${domain}/docs/`, "<h1>");
    const found = await mismatches();
    assert.deepEqual(found.map(({ path, reason, got }) => [path, reason, got]).sort(), [
      ["about.html", "content", "more than 14 bytes"],
      ["docs/index.html", "content", "4 bytes instead of 13"],
      ["index.html", "status", "404"],
    ]);
  });

  it("another version, another node and no answer are mismatches of the replica", async () => {
    const [first, second] = nodes;
    assert.ok(first && second);
    first.node.version = 7;
    assert.deepEqual(await mismatches(), [
      { nodeId: 1, path: "", version: 1, reason: "version", expected: "1", got: "7" },
    ]);
    first.node.version = 1;
    second.node.nodeId = 1;
    assert.deepEqual(
      new Set((await mismatches()).map(({ nodeId, reason }) => `${nodeId} ${reason}`)),
      new Set(["2 node"]),
    );
    second.node.nodeId = 2;
  });

  it("one that is away is not reachable, one that denies it says so: neither differs", async () => {
    const [first, second] = nodes;
    assert.ok(first && second);
    second.node.denies = true;
    const denied = await chain.worker3.run("verify", domain);
    assert.equal(denied.code, 1);
    assert.match(denied.stdout, /^node 1: 5 of 5 files compared, 0 differ$/m);
    assert.match(denied.stdout, /^node 2: its operator does not serve this project \(451 DENIED\)/m);
    assert.match(denied.stdout, /^The others serve what the chain names; could not be asked: node 2\.$/m);

    second.node.denies = false;
    first.node.drops = "all";
    const { code, stdout } = await chain.worker3.run("verify", domain, "--json");
    const { ok, outcome, replicas } = JSON.parse(stdout);
    assert.deepEqual(
      [code, ok, outcome],
      [1, false, "incomplete"],
      "the content comes from the one that answers",
    );
    assert.deepEqual(
      replicas.map(({ nodeId, state, files }: { nodeId: number; state: string; files: number }) => [
        nodeId,
        state,
        files,
      ]),
      [
        [1, "unreachable", 0],
        [2, "same", 5],
      ],
    );
  });

  it("a replica that falls silent is not asked for file after file", async () => {
    const [first] = nodes;
    assert.ok(first);
    const files = Array.from({ length: 60 }, (_, i) => ({
      path: `f${i}`,
      address: `/f${i}`,
      size: 1,
      sha256: "",
    }));
    const { endpoint } = first;
    const page = {
      nodeId: 1,
      endpoint,
      projectId: 1n,
      versions: [{ version: 1, files }],
      host: "gone.invalid",
    };
    first.node.drops = "pages";
    const { state, mismatches } = await compareReplica(page);
    assert.equal(state, "unreachable");
    assert.equal(mismatches.length, 8, "those that were under way");
  });

  it("content that is not the CID's is not believed: the next replica is asked", async () => {
    const broken = car.slice();
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    nodes[0]?.node.cars.set(cid, broken);
    const { code, stderr } = await chain.worker3.run("verify", domain, "--json");
    assert.equal(code, 0);
    assert.match(stderr, /node 1 does not send the content: the bytes of block/);
    nodes[1]?.node.cars.delete(cid);
    assert.equal((await chain.worker3.error(1, "verify", domain)).code, "CONTENT_UNAVAILABLE");
  });

  it("a silent node does not hold up an export: the next one is asked meanwhile", async () => {
    const [first, second] = nodes;
    assert.ok(first && second);
    first.node.silent = true;
    const file = join(chain.worker3.directory, "hedged.car");
    assert.equal((await chain.worker3.json("export", domain, "-o", file)).bytes, car.length);
    assert.equal(second.asked.filter((line) => line.includes("/ipfs/")).length, 1);
  });

  it("export writes a CAR that verifies, by domain or CID, from replicas or a gateway", async () => {
    const { worker3 } = chain;
    const root = parseDeploymentCid(cid).cid;
    const [byDomain, byCid, byGateway] = [
      await worker3.json("export", domain, "-o", join(worker3.directory, "a.car")),
      await worker3.json("export", cid, "-o", join(worker3.directory, "b.car")),
      await worker3.json(
        "export",
        cid,
        "-o",
        join(worker3.directory, "c.car"),
        "--gateway",
        `${nodes[1]?.endpoint}/`,
      ),
    ];
    for (const document of [byDomain, byCid, byGateway]) {
      assert.deepEqual([document.cid, document.bytes], [cid, car.length]);
      const bytes = await readFile(document.file);
      let blocks = 0;
      for await (const _ of verifyCar(Readable.from([bytes]), root)) blocks += 1;
      assert.ok(blocks > 5);
    }
  });

  it("during a split both versions are named and compared, each with what its answers say", async () => {
    const folder = folderOf({ "index.html": "<h1>new home</h1>", "added.html": "<h1>added</h1>" });
    const second = (await pack(folder)).cid;
    await projects.addVersion(chain.owner, { projectId: 1n, cid: second, live: false });
    await projects.split(chain.owner, { projectId: 1n, version: 2, bps: 1_000 });
    const [one, two] = nodes;
    assert.ok(one && two);
    for (const { node } of nodes) {
      node.cars.set(second, await carOf(folder));
      node.canary = {
        version: 2,
        isShown: node.nodeId === 2,
        pages: new Map([
          [`${domain}/`, "<h1>new home</h1>"],
          [`${domain}/added`, "<h1>added</h1>"],
        ]),
      };
    }
    const done = await chain.worker3.json("verify", domain);
    assert.deepEqual(
      [done.version, done.cid, done.split],
      [1, cid, { version: 2, bps: 1_000, cid: second, comparable: 2, skipped: [] }],
    );
    for (const { state, files } of done.replicas) assert.deepEqual([state, files], ["same", 7]);
    const { stdout } = await chain.worker3.run("verify", domain);
    assert.match(stdout, new RegExp(`^and for 10 % of its visitors version 2: ${second}$`, "m"));

    two.node.canary?.pages.set(`${domain}/`, "<h1>old home</h1>");
    one.node.canary?.pages.delete(`${domain}/added`);
    assert.deepEqual(
      (await mismatches()).map(({ nodeId, path, version, reason }) => [nodeId, path, version, reason]),
      [
        [1, "added.html", 2, "status"],
        [2, "index.html", 2, "content"],
      ],
    );
    one.node.canary = undefined;
    const [missing] = await mismatches();
    assert.deepEqual(
      [missing?.nodeId, missing?.path, missing?.expected, missing?.got],
      [1, "", "2 for some visitors", "none"],
    );
    await projects.split(chain.owner, { projectId: 1n, version: 2, bps: 0 });
  });

  it("a worker without files is nothing to compare: exit code 3", async () => {
    const folder = folderOf({});
    const name = `bare.${chain.net.network.zone}`;
    const bare = (await pack(folder)).cid;
    await projects.createProjectOn(chain.owner, { domain: name, nodeIds: [1, 2], cap: 1_000_000n });
    await projects.addVersion(chain.owner, { projectId: 2n, cid: bare, live: true });
    for (const { node } of nodes) node.cars.set(bare, await carOf(folder));
    const { code, stdout, stderr } = await chain.worker3.run("verify", name);
    assert.equal(code, 3, stdout + stderr);
    assert.match(stdout, /^Nothing to compare: /m);
    assert.doesNotMatch(stdout, /serve what the chain names/);
    const document = await chain.worker3.run("verify", name, "--json");
    assert.equal(document.code, 3);
    assert.deepEqual(
      [JSON.parse(document.stdout).ok, JSON.parse(document.stdout).outcome],
      [false, "nothing"],
    );
    for (const { node } of nodes) node.version = 9;
    assert.equal((await chain.worker3.run("verify", name)).code, 1, "another version differs all the same");
  });

  it("an export puts nothing in the place of what is there, unless it is told to, and asks nobody before", async () => {
    const { worker3 } = chain;
    const path = join(worker3.directory, "theirs.car");
    await writeFile(path, "theirs");
    const link = join(worker3.directory, "link.car");
    await symlink(join(worker3.directory, "nowhere"), link);
    const before = nodes.map(({ asked }) => asked.length);
    for (const there of [path, link, worker3.directory]) {
      const { code, value } = await worker3.error(2, "export", domain, "-o", there);
      assert.deepEqual([code, value], ["FILE_EXISTS", there]);
    }
    assert.equal(await readFile(path, "utf8"), "theirs");
    assert.deepEqual(
      nodes.map(({ asked }) => asked.length),
      before,
    );
    assert.equal((await worker3.json("export", domain, "-o", path, "--force")).bytes, car.length);
    assert.equal((await readFile(path)).length, car.length);
  });

  it("a failed export leaves no file", async () => {
    const { worker3 } = chain;
    for (const { node } of nodes) node.cars.set(cid, car.slice(0, car.length - 10));
    const path = join(worker3.directory, "broken.car");
    assert.equal((await worker3.error(1, "export", domain, "-o", path)).code, "CONTENT_UNAVAILABLE");
    assert.deepEqual(
      (await readdir(worker3.directory)).filter((name) => name.includes("broken")),
      [],
    );
    const other = "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    assert.equal((await worker3.error(1, "export", other, "-o", path)).code, "CID_UNKNOWN");
    assert.equal((await worker3.error(2, "export", "Qmnonsense", "-o", path)).code, "USAGE");
    const { code, message } = await worker3.error(2, "export", "nosuch", "-o", path);
    assert.deepEqual(
      [code, /nor a domain of the network, nor a CID/.test(message)],
      ["USAGE", true],
      message,
    );
  });
});
