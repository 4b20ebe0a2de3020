import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseManifest } from "@worker3/sdk";
import { writeCar } from "@worker3/sdk/node";
import { packProject } from "../../cli/src/upload/packProject.ts";
import { KUBO } from "../../scripts/interop/peers.ts";
import { type Visit, visit } from "../e2e/support/visit.ts";
import { writeFolder } from "./support/diskFolder.ts";
import { seeded } from "./support/seeded.ts";
import { type KuboDaemon, startKuboDaemon } from "./support/startKuboDaemon.ts";

const SITE: Readonly<Record<string, string | Uint8Array>> = {
  "index.html": "<!doctype html><title>site</title><link rel=stylesheet href=assets/style.css>",
  "404.html": "<p>nothing here</p>",
  "docs/index.html": "<p>docs</p>",
  "docs/a b ü.txt": "text",
  "assets/style.css": "p { color: red }",
  "worker/page.html": "<p>no worker's</p>",
  "manifest.json": '{"name":"an app of its own"}',
  ".well-known/security.txt": "Contact: mailto:security@example.com\n",
  "large.bin": seeded(3_000_000, "gateway"),
  _headers: "/*\n  X-Site: yes\n",
  _redirects: "/old /docs/ 301\n/index.html /elsewhere 301\n",
};
const WORKER = "export default { fetch: () => new Response('computed') };";
const CONFIGURATION = {
  name: "site",
  main: "src/index.js",
  compatibility_date: "2026-11-01",
  assets: { directory: "public" },
};

describe(`from the CID alone the gateway of Kubo ${KUBO.version} shows`, function () {
  this.timeout(120_000);
  let kubo: KuboDaemon;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "worker3-gateway-"));
    kubo = await startKuboDaemon({ hasGateway: true });
  });
  after(async () => {
    await kubo?.remove();
    await rm(directory, { recursive: true, force: true });
  });

  /** Packs a project as `deploy` does, and gives Kubo the CAR. */
  async function bring(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
    const project = join(directory, name);
    await writeFolder(
      project,
      Object.entries(files).map(([path, content]) => ({ path, content })),
    );
    await using packed = await packProject({ directory: project });
    const car = join(directory, `${name}.car`);
    await writeCar(car, packed.car.open(AbortSignal.timeout(60_000)));
    await kubo.ipfs("dag", "import", car);
    return packed.car.cid;
  }

  /** By the path, as `https://ipfs.io/ipfs/<cid>/`; by a host of its own, as ENS's gateways and browsers do. */
  const byPath = (cid: string, path: string): Promise<Visit> =>
    visit(kubo.gateway ?? "", new URL(kubo.gateway ?? "").host, `/ipfs/${cid}${path}`);
  const byHost = (cid: string, path: string): Promise<Visit> =>
    visit(kubo.gateway ?? "", `${cid}.ipfs.localhost:${new URL(kubo.gateway ?? "").port}`, path);

  async function showsSite(cid: string): Promise<void> {
    for (const get of [byPath, byHost]) {
      for (const [path, content] of Object.entries(SITE)) {
        const { status, body } = await get(cid, `/${path.split("/").map(encodeURIComponent).join("/")}`);
        assert.deepEqual([status, body.equals(Buffer.from(content))], [200, true], path);
      }
      for (const [path, page] of [
        ["/", "index.html"],
        ["/docs/", "docs/index.html"],
      ] as const) {
        const { status, headers, body } = await get(cid, path);
        assert.deepEqual([status, body.toString()], [200, SITE[page]], path);
        assert.match(String(headers["content-type"]), /^text\/html/);
        // What a node does by `_headers` a gateway does not; it shows the file as a text.
        assert.equal(headers["x-site"], undefined);
      }
    }
  }

  it("a site as its visitors get it, file by file and at the root", async () => {
    const cid = await bring("site", SITE);
    await showsSite(cid);
    const listed = (await kubo.ipfs("ls", "--size=false", cid)).toString().trim().split("\n");
    const names = listed.map((line) => line.split(" ").at(-1)?.replace(/\/$/, ""));
    const roots = Object.keys(SITE).map((path) => path.split("/", 1)[0]);
    assert.deepEqual(names.sort(), [...new Set([...roots, ".worker3"])].sort());
  });

  it("the site of a worker too, and below .worker3 what is public anyway", async () => {
    const below = Object.entries(SITE).map(([path, content]) => [`public/${path}`, content] as const);
    const cid = await bring("both", {
      ...Object.fromEntries(below),
      "wrangler.json": JSON.stringify(CONFIGURATION),
      "src/index.js": WORKER,
    });
    await showsSite(cid);
    const { main, modules, assets } = parseManifest((await byPath(cid, "/.worker3/manifest.json")).body);
    assert.deepEqual([main, modules, assets], ["index.js", { "index.js": "esm" }, {}]);
    assert.match((await byPath(cid, "/.worker3/worker/index.js")).body.toString(), /computed/);
  });

  it("redirects of _redirects where a site has its own host, and only where there is no file", async () => {
    const cid = await bring("site", SITE);
    const moved = await byHost(cid, "/old");
    assert.deepEqual([moved.status, moved.headers.location], [301, "/docs/"]);
    assert.equal((await byPath(cid, "/old")).status, 404);
  });

  it("of a worker without files nothing but .worker3", async () => {
    const { assets: _, ...alone } = CONFIGURATION;
    const cid = await bring("alone", { "wrangler.json": JSON.stringify(alone), "src/index.js": WORKER });
    const listed = (await kubo.ipfs("ls", "--size=false", cid)).toString();
    assert.match(listed, /^\S+ +(- +)?\.worker3\/\n$/);
  });
});
