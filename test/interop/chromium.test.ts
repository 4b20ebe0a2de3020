import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Sdk from "@worker3/sdk";
import { packFolder, writeCar } from "@worker3/sdk/node";
import { bundleForBrowser } from "@worker3/sdk/testing";
import { zeroAddress } from "viem";
import { startTestApi, type TestApi } from "../../node-agent/src/api/testing/startTestApi.ts";
import { writeFolder } from "./support/diskFolder.ts";
import { DEPLOYMENT } from "./support/folders.ts";
import { type Chromium, openChromium } from "./support/openChromium.ts";
import { type PageServer, type Served, servePage } from "./support/servePage.ts";

/** The bundle's global in the page; functions given to `evaluate` run there. */
declare const worker3: typeof Sdk;

const SDK = fileURLToPath(new URL("../../sdk/src/index.ts", import.meta.url));

const PAGE = `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>worker3</title>
<input type="file" webkitdirectory>
<script src="/worker3.js"></script>`;

describe("the sdk in a real Chromium", function () {
  this.timeout(180_000);
  let directory = "";
  let folder = "";
  let inNode: { cid: string; files: number; bytes: number; carBytes: number };
  let server: PageServer;
  /** What a node answers at its own name; the chain behind it is a double, which knows the folder's CID. */
  let node: TestApi;
  let port: Server;
  let endpoint = "";
  let chromium: Chromium;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "worker3-interop-"));
    folder = join(directory, "folder");
    await writeFolder(folder, DEPLOYMENT);
    await using packed = await packFolder(folder, { scratchDirectory: directory });
    const { cid, files, bytes, carBytes } = packed;
    inNode = { cid, files, bytes, carBytes };
    const carFile = join(directory, "folder.car");
    await writeCar(carFile, packed.car());

    const bundle = await bundleForBrowser(`export * from ${JSON.stringify(SDK)};`, "worker3");
    const car = await readFile(carFile);
    const changed = Buffer.from(car);
    const middle = car.length >> 1;
    changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
    const resources = new Map<string, Served>([
      ["/", { type: "text/html", body: PAGE }],
      ["/worker3.js", { type: "text/javascript", body: bundle.code }],
      ["/folder.car", { type: "application/vnd.ipld.car", body: car }],
      ["/changed.car", { type: "application/vnd.ipld.car", body: changed }],
    ]);
    node = await startTestApi(zeroAddress);
    node.chain.named.set(inNode.cid, [7n]);
    const { socketPath } = node;
    port = createServer((socket) => {
      const inside = connect(socketPath);
      for (const each of [socket, inside]) each.on("error", () => undefined);
      socket.pipe(inside).pipe(socket);
    }).listen(0, "127.0.0.1");
    await once(port, "listening");
    endpoint = `http://127.0.0.1:${(port.address() as AddressInfo).port}`;
    server = await servePage(resources, [endpoint]);
    chromium = await openChromium();
    console.log(`    Chromium ${chromium.version}`);
  });
  after(async () => {
    await chromium?.close();
    await server?.close();
    port?.close();
    await node?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  beforeEach(() => chromium.page.goto(server.origin));
  afterEach(() => assert.deepEqual(chromium.problems.splice(0), []));

  it("packs a folder that a reader chose to the CID that Node gives it", async () => {
    const { page } = chromium;
    await page.setInputFiles("input", folder);
    const inPage = await page.evaluate(async () => {
      const chosen = [...(document.querySelector("input")?.files ?? [])];
      const entries = chosen.map((file) => ({
        // Begins with the name of the folder itself.
        path: file.webkitRelativePath.split("/").slice(1).join("/"),
        content: file.stream(),
      }));
      const { cid, files, bytes, carBytes } = await worker3.pack(entries);
      return { cid, files, bytes, carBytes };
    });
    assert.deepEqual(inPage, inNode);
  });

  it("packs File objects that a script made to the CID that Node gives them", async () => {
    const { page } = chromium;
    const [cid, size] = await page.evaluate(async () => {
      const large = new File([new Uint8Array(3_000_000).map((_, index) => index % 251)], "large");
      const packed = await worker3.pack([
        { path: ".worker3/manifest.json", content: new File(["{}"], ".worker3/manifest.json").stream() },
        { path: `${large.name}`, content: large.stream() },
        { path: "none", content: new File([], "none").stream() },
        { path: "empty" },
      ]);
      const parts: BlobPart[] = [];
      for await (const part of packed.car()) parts.push(new Uint8Array(part));
      const car = new Blob(parts);
      return [packed.cid, car.size] as const;
    });
    const made = join(directory, "made");
    await writeFolder(made, [
      { path: ".worker3/manifest.json", content: "{}" },
      { path: "large", content: new Uint8Array(3_000_000).map((_, index) => index % 251) },
      { path: "none", content: "" },
      { path: "empty" },
    ]);
    await using packed = await packFolder(made, { scratchDirectory: directory });
    assert.deepEqual([cid, size], [packed.cid, packed.carBytes]);
  });

  /** Chromium writes every answer of 400 and above to its console. */
  function onlyRefusals(): void {
    for (const problem of chromium.problems.splice(0)) assert.match(problem, /status of 4\d\d/);
  }

  async function takeInPage(path: string): Promise<string> {
    return chromium.page.evaluate(
      async ([path, cid]) => {
        const { body } = await fetch(path);
        if (body === null) return "no body";
        let bytes = 0;
        try {
          const root = worker3.parseDeploymentCid(cid).cid;
          for await (const block of worker3.verifyCar(body, root)) bytes += block.bytes.length;
        } catch (error) {
          return error instanceof worker3.CarError ? error.code : String(error);
        }
        return bytes > 0 ? "taken" : "empty";
      },
      [path, inNode.cid] as const,
    );
  }

  it("verifies a CAR while it is fetched", async () => {
    assert.equal(await takeInPage("/folder.car"), "taken");
  });

  it("refuses a CAR with a bit flipped", async () => {
    assert.equal(await takeInPage("/changed.car"), "CAR_WRONG_HASH");
  });

  it("asks a node of another origin what it runs and what it served, and hears its refusals", async () => {
    const told = await chromium.page.evaluate(async (endpoint) => {
      const [support] = await worker3.askSupport([{ nodeId: 3, endpoint }], {
        manifest: { manifest: 2, bindings: [{ type: "kv", name: "KV", id: "k" }] },
      });
      const { requests } = await worker3.readNodeUsage({ endpoint, projectId: 7n, epoch: 1 });
      const { active } = await worker3.readProjectStatus({ endpoint, projectId: 7n });
      const refused = await worker3
        .readProjectStatus({ endpoint, projectId: 8n })
        .catch((error) => `${error.code} ${error.message}`);
      return [support?.runs, support?.error?.code, String(requests), active, refused];
    }, endpoint);
    const [, , , , refused] = told;
    assert.deepEqual(told.slice(0, 4), ["no", "UNSUPPORTED_BINDING", String(2n ** 60n), 1]);
    assert.match(String(refused), /^NODE_REFUSED The node answered 404 [A-Z_]+\.$/);
    onlyRefusals();
  });

  it("uploads a folder that a reader chose to it", async () => {
    const { page } = chromium;
    await page.setInputFiles("input", folder);
    const said = await page.evaluate(async (endpoint) => {
      const chosen = [...(document.querySelector("input")?.files ?? [])];
      const packed = await worker3.pack(
        chosen.map((file) => ({
          path: file.webkitRelativePath.split("/").slice(1).join("/"),
          content: file.stream(),
        })),
      );
      const { cid, carBytes } = packed;
      const car = { cid, bytes: carBytes, open: () => packed.car() };
      const replica = { nodeId: 3, endpoint };
      // Not an intent: the node has to read the header, for which the browser asks beforehand.
      const refused = await worker3
        .uploadCar({ replica, car, put: worker3.fetchPutCar, intent: async () => "none" })
        .catch((error) => error.message);
      await worker3.uploadCar({ replica, car, put: worker3.fetchPutCar });
      return refused;
    }, endpoint);
    assert.match(said, /^Node 3 does not take the content: [A-Z_]+: /);
    const answer = await node.ask(`/ipfs/${inNode.cid}?format=car`);
    assert.deepEqual([answer.status, answer.bytes.length], [200, inNode.carBytes]);
    onlyRefusals();
  });
});
