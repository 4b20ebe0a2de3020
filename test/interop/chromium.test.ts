import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packFolder, writeCar } from "@worker3/sdk/node";
import { bundleForBrowser } from "@worker3/sdk/testing";
import type * as Content from "../../sdk/src/content/index.ts";
import { writeFolder } from "./support/diskFolder.ts";
import { DEPLOYMENT } from "./support/folders.ts";
import { type Chromium, openChromium } from "./support/openChromium.ts";
import { type PageServer, type Served, servePage } from "./support/servePage.ts";

/** The bundle's global in the page; functions given to `evaluate` run there. */
declare const worker3: typeof Content;

const CONTENT = fileURLToPath(new URL("../../sdk/src/content/index.ts", import.meta.url));

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

    const bundle = await bundleForBrowser(`export * from ${JSON.stringify(CONTENT)};`, "worker3");
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
    server = await servePage(resources);
    chromium = await openChromium();
    console.log(`    Chromium ${chromium.version}`);
  });
  after(async () => {
    await chromium?.close();
    await server?.close();
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
        { path: "worker3.json", content: new File(["{}"], "worker3.json").stream() },
        { path: `assets/${large.name}`, content: large.stream() },
        { path: "assets/none", content: new File([], "none").stream() },
        { path: "assets/empty" },
      ]);
      const parts: BlobPart[] = [];
      for await (const part of packed.car()) parts.push(new Uint8Array(part));
      const car = new Blob(parts);
      return [packed.cid, car.size] as const;
    });
    const made = join(directory, "made");
    await writeFolder(made, [
      { path: "worker3.json", content: "{}" },
      { path: "assets/large", content: new Uint8Array(3_000_000).map((_, index) => index % 251) },
      { path: "assets/none", content: "" },
      { path: "assets/empty" },
    ]);
    await using packed = await packFolder(made, { scratchDirectory: directory });
    assert.deepEqual([cid, size], [packed.cid, packed.carBytes]);
  });

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
});
