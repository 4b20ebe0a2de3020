import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
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

describe("verify and export", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let nodes: NodeDouble[];
  let domain: string;
  let cid: string;
  let car: Uint8Array;

  before(async () => {
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    const folder: Folder = [
      { path: "worker/index.js", content: encode("export default {}") },
      {
        path: "worker3.json",
        content: serializeManifest({
          manifest: 1,
          main: "index.js",
          modules: { "index.js": "esm" },
          compatibilityDate: "2026-11-01",
          assets: { runWorkerFirst: ["/api/*"] },
        }),
      },
      ...Object.entries(FILES).map(([path, text]) => ({ path: `assets/${path}`, content: encode(text) })),
    ];
    cid = (await pack(folder)).cid;
    car = await carOf(folder);
    nodes = [await playNode(1), await playNode(2)];
    chain = await startTestChain(nodes.map(({ endpoint }) => endpoint));
    domain = `shop.${chain.net.network.zone}`;
    await projects.createProject(chain.owner, { domain, nodeIds: [1, 2], cap: 1_000_000n });
    await projects.addVersion(chain.owner, { projectId: 1n, cid, live: true });
  });
  beforeEach(() => {
    for (const { node, asked } of nodes) {
      node.version = 1;
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
    { nodeId: number; path: string; reason: string; expected: string; got: string }[]
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
      { nodeId: 1, files: 5, mismatches: [] },
      { nodeId: 2, files: 5, mismatches: [] },
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
      { nodeId: 1, path: "", reason: "version", expected: "1", got: "7" },
    ]);
    first.node.version = 1;
    second.node.nodeId = 1;
    assert.deepEqual(
      new Set((await mismatches()).map(({ nodeId, reason }) => `${nodeId} ${reason}`)),
      new Set(["2 node"]),
    );
    second.node.nodeId = 2;
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
  });
});
