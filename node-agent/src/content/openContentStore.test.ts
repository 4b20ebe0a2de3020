import assert from "node:assert/strict";
import { access, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CarError, carOf, type FolderEntry, listFiles, pack, Worker3Error } from "@worker3/sdk";
import { varint } from "multiformats";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { type Ledger, openLedger } from "../ledger/openLedger.ts";
import { createLogger } from "../logging/createLogger.ts";
import type { ContentStore } from "./ContentStore.ts";
import { type CreateFile, createFile } from "./createFile.ts";
import { mtimeOf } from "./mtimeOf.ts";
import { type OpenContentStoreOptions, openContentStore } from "./openContentStore.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const manifest = { path: ".worker3/manifest.json", content: utf8('{"assets":{},"manifest":2}') };
const large = new Uint8Array(2_500_000).map((_, index) => index % 251);
const site: FolderEntry[] = [
  manifest,
  { path: "index.html", content: utf8("<p>one") },
  { path: "deep/er/large.bin", content: large },
  { path: "empty" },
];

interface Packed {
  cid: string;
  root: CID;
  car: Uint8Array;
}

async function packed(folder: FolderEntry[]): Promise<Packed> {
  const { cid, root } = await pack(folder);
  return { cid, root, car: await carOf(folder) };
}

async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

async function rejectsCode(work: Promise<unknown>, code: string): Promise<Worker3Error> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Worker3Error, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`nothing was thrown; expected ${code}`);
}

interface Node {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

const UNIXFS_DIRECTORY = 1;
const UNIXFS_FILE = 2;
const UNIXFS_SYMLINK = 4;
const DAG_PB = 0x70;

/** A UnixFS node by hand, for what `pack` does not make: of bytes, or a directory of links. Source: the UnixFS specification. */
async function nodeOf(
  content: Uint8Array | readonly (readonly [name: string, node: Node])[],
  { type = content instanceof Uint8Array ? UNIXFS_FILE : UNIXFS_DIRECTORY } = {},
): Promise<Node> {
  const field = (key: number, bytes: Uint8Array) => Buffer.concat([Uint8Array.of(key, bytes.length), bytes]);
  const own = content instanceof Uint8Array ? field(0x12, content) : new Uint8Array(0);
  const links = content instanceof Uint8Array ? [] : content;
  const bytes = Buffer.concat([
    ...links.map(([name, { cid }]) =>
      field(0x12, Buffer.concat([field(0x0a, cid.bytes), field(0x12, utf8(name)), Uint8Array.of(0x18, 0)])),
    ),
    field(0x0a, Buffer.concat([Uint8Array.of(0x08, type), own])),
  ]);
  return { cid: CID.createV1(DAG_PB, await sha256.digest(bytes)), bytes };
}

/** A CAR of these blocks, whose first is the root, with another CAR's header. */
function carWith(car: Uint8Array, root: CID, nodes: readonly Node[]): Uint8Array {
  const header = Buffer.from(car.subarray(0, 59));
  const [first] = nodes;
  assert.ok(first !== undefined);
  header.set(first.cid.bytes, header.indexOf(root.bytes));
  const blocks = nodes.map(({ cid, bytes }) => {
    const length = cid.bytes.length + bytes.length;
    return Buffer.concat([
      varint.encodeTo(length, new Uint8Array(varint.encodingLength(length))),
      cid.bytes,
      bytes,
    ]);
  });
  return Buffer.concat([header, ...blocks]);
}

describe("the content store", () => {
  let home = "";
  let directory = "";
  let ledger: Ledger;
  let store: ContentStore;
  let one: Packed;

  const openStore = (options: Partial<OpenContentStoreOptions> = {}): Promise<ContentStore> =>
    openContentStore({
      directory,
      ledger,
      limits: {},
      logger: createLogger({ level: "silent" }),
      ...options,
    });

  before(async () => {
    one = await packed(site);
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "worker3-test-"));
    directory = join(home, "content");
    ledger = openLedger(":memory:");
    store = await openStore();
  });
  afterEach(async () => {
    ledger.close();
    await rm(home, { recursive: true });
  });

  /** Nothing of any content is left: no file, no row. */
  async function isEmpty(): Promise<void> {
    assert.deepEqual(await readdir(directory), ["scratch"]);
    assert.deepEqual(await readdir(join(directory, "scratch")), []);
    assert.deepEqual(store.list(), []);
    const { blocks } = ledger.database.prepare("SELECT count(*) AS blocks FROM content_blocks").get() as {
      blocks: number;
    };
    assert.equal(blocks, 0);
  }

  describe("keeps a deployment", () => {
    it("the CAR byte for byte, the files written out, the manifest read", async () => {
      const stored = await store.put(one.cid, pieces(one.car), { projectId: 7n });
      assert.equal(stored.carBytes, one.car.length);
      assert.deepEqual([stored.files, stored.bytes], [3, large.length + 6 + 26]);
      assert.deepEqual(stored.manifest, { assets: {}, manifest: 2 });
      assert.deepEqual(new Uint8Array(await readFile(stored.carPath)), one.car);
      assert.deepEqual(
        new Uint8Array(await readFile(join(stored.folder, "assets/deep/er/large.bin"))),
        large,
      );
      assert.ok((await stat(join(stored.folder, "assets/empty"))).isDirectory());
      assert.deepEqual(await store.get(one.cid), stored);
      assert.equal(store.has(one.cid), true);
      assert.deepEqual(
        store.list().map(({ cid, projectId }) => [cid, projectId]),
        [[one.cid, 7n]],
      );
    });

    it("the site's files in a place of their own, beside modules and manifest, whatever they are called", async () => {
      const worker = {
        assets: {},
        compatibilityDate: "2026-11-01",
        main: "a.js",
        manifest: 2,
        modules: { "a.js": "esm", "worker/b.txt": "text" },
      };
      const names = ["manifest.json", "worker/a.js", "assets/x", "docs/.worker3/manifest.json"];
      const content = await packed([
        { path: ".worker3/manifest.json", content: utf8(JSON.stringify(worker)) },
        { path: ".worker3/worker/a.js", content: utf8("module") },
        { path: ".worker3/worker/worker/b.txt", content: utf8("text") },
        ...names.map((path) => ({ path, content: utf8(`site ${path}`) })),
      ]);
      const { folder } = await store.put(content.cid, pieces(content.car));
      const textOf = (path: string) => readFile(join(folder, path), "utf8");
      assert.deepEqual((await readdir(folder)).sort(), ["assets", "manifest.json", "worker"]);
      assert.deepEqual(JSON.parse(await textOf("manifest.json")), worker);
      assert.equal(await textOf("worker/a.js"), "module");
      assert.equal(await textOf("worker/worker/b.txt"), "text");
      for (const name of names) assert.equal(await textOf(`assets/${name}`), `site ${name}`);
      assert.deepEqual((await readdir(join(folder, "assets"))).sort(), [
        "assets",
        "docs",
        "manifest.json",
        "worker",
      ]);
    });

    it("files are read-only, and have the time of their digest on every replica", async () => {
      const stored = await store.put(one.cid, pieces(one.car));
      const html = join(stored.folder, "assets/index.html");
      const { mode, mtimeMs } = await stat(html);
      assert.equal(mode & 0o222, 0);
      const { files } = await listFiles((await pack(site)).store, one.root);
      const listed = files.find(({ path }) => path === "index.html");
      assert.ok(listed !== undefined);
      assert.equal(mtimeMs, mtimeOf(listed.cid) * 1_000);

      const other = await openStore({ directory: join(home, "other"), ledger: openLedger(":memory:") });
      const replica = await other.put(one.cid, pieces(one.car));
      assert.equal((await stat(join(replica.folder, "assets/index.html"))).mtimeMs, mtimeMs);

      const changed = await packed(site.with(1, { path: "index.html", content: utf8("<p>two") }));
      const next = await store.put(changed.cid, pieces(changed.car));
      assert.notEqual((await stat(join(next.folder, "assets/index.html"))).mtimeMs, mtimeMs);
      const same = join("assets", "deep/er/large.bin");
      assert.equal(
        (await stat(join(next.folder, same))).mtimeMs,
        (await stat(join(stored.folder, same))).mtimeMs,
      );
    });

    it("every block can be read by its CID", async () => {
      await store.put(one.cid, pieces(one.car, 997));
      const { root, store: blocks } = await pack(site);
      const parts: Uint8Array[] = [];
      for await (const part of blocks.get(root)) parts.push(part);
      assert.deepEqual(await store.readBlock(root), parts[0]);
      const rows = ledger.database.prepare("SELECT count(*) AS n FROM content_blocks").get() as { n: number };
      assert.equal(rows.n, (await pack(site)).blocks);
      const { root: unknown } = await pack([manifest]);
      assert.equal(await store.readBlock(unknown), undefined);
    });

    it("openCar reads the CAR, also while it is removed", async () => {
      await store.put(one.cid, pieces(one.car));
      const open = await store.openCar(one.cid);
      assert.ok(open !== undefined);
      assert.equal(open.bytes, one.car.length);
      await store.remove(one.cid);
      const parts: Uint8Array[] = [];
      for await (const part of open.stream) parts.push(part as Uint8Array);
      assert.deepEqual(new Uint8Array(Buffer.concat(parts)), one.car);
      assert.equal(await store.openCar(one.cid), undefined);
    });

    it("a removed content leaves nothing, and may come again", async () => {
      await store.put(one.cid, pieces(one.car));
      await store.remove(one.cid);
      await store.remove(one.cid);
      await isEmpty();
      assert.equal(await store.get(one.cid), undefined);
      await store.put(one.cid, pieces(one.car));
      assert.equal(store.has(one.cid), true);
    });
  });

  describe("refuses, and leaves nothing behind", () => {
    const badCars: [what: string, code: string, change: (car: Uint8Array) => Uint8Array][] = [
      ["a CAR cut in half", "CAR_TRUNCATED", (car) => car.subarray(0, car.length >> 1)],
      ["a CAR without its last byte", "CAR_TRUNCATED", (car) => car.subarray(0, -1)],
      ["nothing at all", "CAR_TRUNCATED", () => new Uint8Array(0)],
      [
        "one byte changed",
        "CAR_WRONG_HASH",
        (car) => car.with(car.length - 1_000, (car.at(-1_000) ?? 0) ^ 1),
      ],
      ["a byte after the end", "CAR_TRAILING", (car) => Buffer.concat([car, Uint8Array.of(0)])],
    ];
    for (const [what, code, change] of badCars) {
      it(what, async () => {
        await rejectsCode(store.put(one.cid, pieces(change(one.car))), code);
        await isEmpty();
      });
    }

    it("the CAR of another root", async () => {
      const other = await packed([manifest, { path: "a", content: utf8("a") }]);
      await rejectsCode(store.put(other.cid, pieces(one.car)), "CAR_BAD_HEADER");
      await isEmpty();
    });

    it("500 MB that a length prefix claims, without reading on", async () => {
      const claim = varint.encodeTo(500_000_000, new Uint8Array(varint.encodingLength(500_000_000)));
      let read = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        yield Buffer.concat([one.car.subarray(0, 59), claim]);
        for (;;) {
          read += 1;
          yield new Uint8Array(65_536);
        }
      }
      await rejectsCode(store.put(one.cid, endless()), "CAR_LIMIT");
      assert.equal(read, 0);
      await isEmpty();
    });

    it("a CAR larger than the caller allows", async () => {
      const work = store.put(one.cid, pieces(one.car), { maxBytes: one.car.length - 1 });
      await rejectsCode(work, "CAR_LIMIT");
      await isEmpty();
      await store.put(one.cid, pieces(one.car), { maxBytes: one.car.length });
    });

    it("a bomb: few bytes that expand to many", async () => {
      const content = new Uint8Array(1_000);
      const copies = Array.from({ length: 100 }, (_, index) => ({ path: `${index}`, content }));
      const bomb = await packed([manifest, ...copies]);
      store = await openStore({ limits: { expandedBytes: 99_999 } });
      const error = await rejectsCode(store.put(bomb.cid, pieces(bomb.car)), "DAG_LIMIT");
      assert.equal(error.value, "100026");
      await isEmpty();
    });

    it("a folder without a manifest, and one that does not hold what its manifest says", async () => {
      const without = await packed([{ path: "a", content: utf8("a") }]);
      await rejectsCode(store.put(without.cid, pieces(without.car)), "DEPLOYMENT_INVALID");
      const unlike = await packed([manifest]);
      await rejectsCode(store.put(unlike.cid, pieces(unlike.car)), "DEPLOYMENT_INVALID");
      await isEmpty();
    });

    it("the form before, and says that it has to be deployed again", async () => {
      const first = utf8('{"assets":{},"manifest":1}');
      for (const [path, code] of [
        ["worker3.json", "DEPLOYMENT_INVALID"],
        [".worker3/manifest.json", "MANIFEST_INVALID"],
      ] as const) {
        const old = await packed([
          { path, content: first },
          { path: "assets/index.html", content: utf8("x") },
        ]);
        const error = await rejectsCode(store.put(old.cid, pieces(old.car)), code);
        assert.match(error.message, /deploy the project again/);
        await isEmpty();
      }
    });

    it("a symbolic link, among the files and in the place of a directory", async () => {
      const text = await nodeOf(utf8('{"assets":{},"manifest":2}'));
      const link = await nodeOf(utf8("/etc/passwd"), { type: UNIXFS_SYMLINK });
      const assets = await nodeOf([["secret.txt", link]]);
      for (const target of [[assets, link], [link]]) {
        const [top] = target;
        assert.ok(top !== undefined);
        const own = await nodeOf([["manifest.json", text]]);
        const folder = await nodeOf([
          [".worker3", own],
          ["assets", top],
        ]);
        const error = await rejectsCode(
          store.put(
            folder.cid.toString(),
            pieces(carWith(one.car, one.root, [folder, own, text, ...target])),
          ),
          "DAG_SYMLINK",
        );
        assert.equal(error.value, link.cid.toString());
        await isEmpty();
      }
    });

    it("what is no deployment's CID", async () => {
      await rejectsCode(store.put("../../etc", pieces(one.car)), "CID_BAD");
      await isEmpty();
    });

    it("a source that breaks, and one that hangs until the signal aborts", async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield one.car.subarray(0, 100_000);
        throw new Error("connection lost");
      }
      await assert.rejects(store.put(one.cid, broken()), /connection lost/);
      async function* hanging(): AsyncGenerator<Uint8Array> {
        yield one.car.subarray(0, 100_000);
        controller.abort(new Error("enough"));
        await new Promise(() => undefined);
      }
      const controller = new AbortController();
      await assert.rejects(store.put(one.cid, hanging(), { signal: controller.signal }), /enough/);
      await isEmpty();
    });
  });

  describe("on a disk that is full", () => {
    /** The kernel's own full disk, behind the files that match. */
    const fullAt =
      (part: string): CreateFile =>
      (path) =>
        path.includes(part) ? open("/dev/full", "r+") : createFile(path);

    for (const [what, part] of [
      ["the CAR", "content.car"],
      ["a file of the folder", "large.bin"],
    ] as const) {
      it(`DISK_FULL names the path when ${what} does not fit, and nothing is left`, async () => {
        store = await openStore({ createFile: fullAt(part) });
        const error = await rejectsCode(store.put(one.cid, pieces(one.car)), "DISK_FULL");
        assert.ok(error.value?.includes(part), error.value);
        assert.match(error.next ?? "", /free space/);
        await isEmpty();
        store = await openStore();
        await store.put(one.cid, pieces(one.car));
      });
    }

    it("content whose row cannot be written is not kept", async () => {
      ledger.database.exec(
        "CREATE TRIGGER full BEFORE INSERT ON contents BEGIN SELECT RAISE(ABORT, 'full'); END",
      );
      await assert.rejects(store.put(one.cid, pieces(one.car)), /full/);
      await isEmpty();
    });
  });

  describe("several puts of one CID", () => {
    it("end in one content", async () => {
      const both = await Promise.all([1, 2, 3].map(() => store.put(one.cid, pieces(one.car))));
      assert.deepEqual(both[0], both[1]);
      assert.deepEqual(both[0], both[2]);
      assert.deepEqual((await readdir(directory)).sort(), [one.cid, "scratch"].sort());
      assert.deepEqual(await readdir(join(directory, "scratch")), []);
    });

    it("nobody holds a content back by sending it slowly: the faster put ends the slower", async () => {
      let isReading = (): void => undefined;
      const reading = new Promise<void>((resolve) => {
        isReading = resolve;
      });
      async function* dripping(): AsyncGenerator<Uint8Array> {
        yield one.car.subarray(0, 100);
        isReading();
        await new Promise(() => undefined);
      }
      const slow = store.put(one.cid, dripping());
      await reading;
      const fast = await store.put(one.cid, pieces(one.car));
      assert.deepEqual(await slow, fast);
    });

    it("a bad one does not spoil a good one", async () => {
      const bad = assert.rejects(store.put(one.cid, pieces(one.car.subarray(0, 1_000))), CarError);
      await Promise.all([bad, store.put(one.cid, pieces(one.car))]);
      assert.equal(store.has(one.cid), true);
    });
  });

  describe("whose ledger is lost", () => {
    const anew = async () => {
      ledger.close();
      ledger = openLedger(":memory:");
      store = await openStore();
    };

    it("keeps all files, and lists them again when they are checked, every block in its place", async () => {
      const stored = await store.put(one.cid, pieces(one.car), { projectId: 7n });
      await anew();
      assert.deepEqual([store.list(), await store.unlisted()], [[], [one.cid]]);
      assert.deepEqual(await store.recover(one.cid), stored);
      assert.deepEqual(await store.unlisted(), []);
      assert.deepEqual(new Uint8Array(await readFile(stored.carPath)), one.car);
      assert.ok(await store.readBlock(one.root));
      assert.deepEqual(await readdir(join(directory, "scratch")), []);
    });

    it("takes files of a folder that are wrong from the CAR", async () => {
      const { folder } = await store.put(one.cid, pieces(one.car));
      const html = join(folder, "assets/index.html");
      await rm(html);
      await writeFile(html, "<p>forged");
      await writeFile(join(folder, "assets/more.html"), "<p>more");
      await anew();
      await store.recover(one.cid);
      assert.equal(await readFile(html, "utf8"), "<p>one");
      await assert.rejects(access(join(folder, "assets/more.html")));
    });

    it("sets a CAR aside that is not what its name says, and takes it from others", async () => {
      const { carPath } = await store.put(one.cid, pieces(one.car));
      await rm(carPath);
      await writeFile(carPath, one.car.with(1_000, (one.car[1_000] ?? 0) ^ 1));
      await anew();
      assert.equal(await store.recover(one.cid), undefined);
      assert.deepEqual([store.list(), await store.unlisted()], [[], []]);
      const [aside = ""] = await readdir(join(directory, "damaged"));
      assert.ok(aside.endsWith(one.cid), aside);
      await store.put(one.cid, pieces(one.car));
      await anew();
      assert.deepEqual(await store.unlisted(), [one.cid]);
    });

    it("keeps the newest five that were damaged", async () => {
      for (let i = 0; i < 7; i++) {
        const { carPath } = await store.put(one.cid, pieces(one.car));
        await rm(carPath);
        await writeFile(carPath, "nothing");
        await store.distrust(one.cid);
        assert.equal(await store.recover(one.cid), undefined);
      }
      assert.equal((await readdir(join(directory, "damaged"))).length, 5);
    });

    it("what is larger than the agent takes now stays what it is", async () => {
      const stored = await store.put(one.cid, pieces(one.car));
      ledger.close();
      ledger = openLedger(":memory:");
      store = await openStore({ limits: { carBytes: 1_000 } });
      assert.deepEqual(await store.recover(one.cid), stored);
      ledger.close();
      ledger = openLedger(":memory:");
      store = await openStore({ limits: { files: 1 } });
      await rejectsCode(store.recover(one.cid), "DAG_LIMIT");
      assert.deepEqual(await store.unlisted(), [one.cid]);
    });

    it("says that there is nothing to recover where there is nothing", async () => {
      assert.equal(await store.recover(one.cid), undefined);
    });
  });

  describe("after an agent that was killed", () => {
    it("leftovers of a put that did not end are removed", async () => {
      const leftover = join(directory, "scratch", `${one.cid}-x`);
      await mkdir(join(leftover, "folder"), { recursive: true });
      await writeFile(join(leftover, "content.car"), one.car.subarray(0, 1_000));
      store = await openStore();
      await isEmpty();
    });

    it("a row whose folder or CAR is gone or short is dropped, and what is left stays to be looked at", async () => {
      for (const lost of ["content.car", "folder"]) {
        await store.put(one.cid, pieces(one.car));
        await rm(join(directory, one.cid, lost), { recursive: true });
        store = await openStore();
        assert.deepEqual([store.list(), await store.unlisted()], [[], [one.cid]]);
      }
      const { carPath } = await store.put(one.cid, pieces(one.car));
      await rm(carPath);
      await writeFile(carPath, one.car.subarray(1));
      store = await openStore();
      assert.deepEqual([store.list(), await store.unlisted()], [[], [one.cid]]);
      await rm(join(directory, one.cid), { recursive: true });
      await isEmpty();
    });

    it("what is whole stays, and so does what is not the store's", async () => {
      const stored = await store.put(one.cid, pieces(one.car));
      await writeFile(join(directory, "README"), "the operator's");
      store = await openStore();
      assert.deepEqual(await store.get(one.cid), stored);
      await access(join(directory, "README"));
    });

    it("a manifest that somebody breaks while the agent runs stops nothing: the files are written out anew", async () => {
      const { folder } = await store.put(one.cid, pieces(one.car));
      for (const text of ["{", undefined]) {
        await rm(join(folder, "manifest.json"));
        if (text !== undefined) await writeFile(join(folder, "manifest.json"), text);
        assert.equal(await store.get(one.cid), undefined);
        assert.deepEqual((await store.recover(one.cid))?.manifest, { assets: {}, manifest: 2 });
      }
    });

    it("a folder that somebody deletes while the agent runs is forgotten, and may come again", async () => {
      await store.put(one.cid, pieces(one.car));
      await rm(join(directory, one.cid), { recursive: true });
      assert.equal(await store.get(one.cid), undefined);
      await store.put(one.cid, pieces(one.car));
    });
  });
});
