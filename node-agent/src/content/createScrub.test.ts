import assert from "node:assert/strict";
import { appendFile, chmod, mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carOf, type FolderEntry, pack } from "@worker3/sdk";
import { type Ledger, openLedger } from "../ledger/openLedger.ts";
import type { ContentStore, StoredContent } from "./ContentStore.ts";
import { createPace } from "./createPace.ts";
import { createScrub } from "./createScrub.ts";
import { openContentStore } from "./openContentStore.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const siteOf = (text: string): FolderEntry[] => [
  { path: ".worker3/manifest.json", content: utf8('{"assets":{},"manifest":2}') },
  { path: "index.html", content: utf8(text) },
  { path: "large", content: new Uint8Array(1_500_000).map((_, index) => index % 251) },
];
const SILENT = { debug: () => {}, info: () => {}, warn: () => {} };
const never = new AbortController().signal;

describe("the scrub of what lies on the disk", () => {
  let home = "";
  let ledger: Ledger;
  let store: ContentStore;
  let one: StoredContent;
  let other: StoredContent;
  let changed: string[] = [];

  const scrub = () =>
    createScrub({
      store,
      pace: createPace(1e12),
      changed: (cid) => changed.push(cid),
      nowMs: () => 1_000,
      logger: SILENT,
    });
  const open = () =>
    openContentStore({ directory: join(home, "content"), ledger, limits: {}, logger: SILENT });
  async function put(text: string): Promise<StoredContent> {
    const car = await carOf(siteOf(text));
    const source = (async function* () {
      yield car;
    })();
    return store.put((await pack(siteOf(text))).cid, source);
  }

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "worker3-test-"));
    ledger = openLedger(":memory:");
    store = await open();
    one = await put("<p>one");
    other = await put("<p>other");
    changed = [];
  });
  afterEach(async () => {
    ledger.close();
    await rm(home, { recursive: true });
  });

  async function change(path: string, work: (bytes: Buffer) => Buffer): Promise<void> {
    const bytes = await readFile(path);
    const { atime, mtime } = await stat(path);
    await rm(path);
    await writeFile(path, work(bytes));
    // A disk that forgets tells nobody.
    await utimes(path, atime, mtime);
  }
  const flipped = (at: number) => (bytes: Buffer) => {
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };

  it("finds nothing where nothing is wrong", async () => {
    const { round, damaged } = scrub();
    await round(never);
    assert.deepEqual([damaged(), changed], [[], []]);
    assert.deepEqual(
      store
        .list()
        .map(({ cid }) => cid)
        .sort(),
      [one.cid, other.cid].sort(),
    );
  });

  const html = "assets/index.html";
  const harms: [what: string, harm: (content: StoredContent) => Promise<void>, said: RegExp][] = [
    [
      "a bit of the CAR",
      ({ carPath }) => change(carPath, flipped(700_000)),
      /the CAR: the bytes of block \d/,
    ],
    ["the end of the CAR", ({ carPath }) => change(carPath, (bytes) => bytes.subarray(0, -9)), /the CAR: /],
    ["the whole CAR", ({ carPath }) => rm(carPath), /content\.car/],
    [
      "a bit of a file",
      ({ folder }) => change(join(folder, "assets/large"), flipped(1_200_000)),
      /other bytes/,
    ],
    [
      "the length of a file",
      async ({ folder }) => {
        await chmod(join(folder, html), 0o644);
        await appendFile(join(folder, html), "!");
      },
      /has 7 bytes, of 6/,
    ],
    ["a file", ({ folder }) => rm(join(folder, html)), /has lost assets\/index\.html/],
    ["a name", ({ folder }) => writeFile(join(folder, "assets/new"), "x"), /has assets\/new/],
    ["the time of a file", ({ folder }) => utimes(join(folder, html), 5, 5), /another time/],
  ];
  for (const [what, harm, said] of harms) {
    it(`finds ${what} that changed, has it served no longer, and leaves others alone`, async () => {
      await harm(one);
      const { round, damaged } = scrub();
      await round(never);
      assert.deepEqual([store.has(one.cid), await store.get(one.cid)], [false, undefined]);
      assert.deepEqual([changed, store.has(other.cid)], [[one.cid], true]);
      const [found] = damaged();
      assert.deepEqual([found?.cid, found?.foundMs], [one.cid, 1_000]);
      assert.match(found?.what ?? "", said);
      await put("<p>one");
      assert.deepEqual(damaged(), [], "stored anew, it is whole");
      await round(never);
      assert.deepEqual([damaged(), await store.get(one.cid)], [[], one]);
    });
  }

  it("takes up again what the ledger lost, and damaged files from their own CAR", async () => {
    await change(join(other.folder, html), flipped(3));
    ledger.close();
    ledger = openLedger(":memory:");
    store = await open();
    await scrub().round(never);
    assert.deepEqual([await store.get(one.cid), await store.get(other.cid)], [one, other]);
    assert.equal(await readFile(join(other.folder, html), "utf8"), "<p>other");
    assert.deepEqual(changed.sort(), [one.cid, other.cid].sort());
  });

  it("says nothing of what was removed meanwhile", async () => {
    const real = store;
    const racing: ContentStore = {
      ...real,
      async inspect(cid, options) {
        await real.remove(cid);
        return real.inspect(cid, options);
      },
    };
    const { round, damaged } = createScrub({
      store: racing,
      pace: createPace(1e12),
      changed: (cid) => changed.push(cid),
      nowMs: () => 1_000,
      logger: SILENT,
    });
    await round(never);
    assert.deepEqual([damaged(), changed], [[], []]);
  });

  it("ends at once when it is told to, and nothing is lost by that", async () => {
    const stop = new AbortController();
    const slow = createScrub({
      store,
      pace: createPace(1),
      changed: () => {},
      nowMs: () => 1,
      logger: SILENT,
    });
    const running = slow.round(stop.signal);
    stop.abort(new Error("the agent stops"));
    await assert.rejects(running, /the agent stops/);
    assert.equal(store.list().length, 2);
  });
});
