import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carOf, type FolderEntry, pack } from "@worker3/sdk";
import { throwsCode } from "@worker3/sdk/testing";
import { type Ledger, openLedger } from "../ledger/openLedger.ts";
import type { ContentStore } from "./ContentStore.ts";
import { createHousekeeping } from "./createHousekeeping.ts";
import { createDenyList } from "./denyList.ts";
import { openContentStore } from "./openContentStore.ts";
import type { ContentUse } from "./retention.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const siteOf = (text: string): FolderEntry[] => [
  { path: ".worker3/manifest.json", content: utf8('{"assets":{},"manifest":2}') },
  { path: "index.html", content: utf8(text) },
];
const SILENT = { debug: () => {}, info: () => {}, warn: () => {} };

describe("the housekeeping of a node's disk", () => {
  let home = "";
  let ledger: Ledger;
  let store: ContentStore;
  let first = "";
  let second = "";
  const uses = new Map<string, ContentUse[]>();
  const used = new Set<string>();
  const isInUse = (cid: string) => used.has(cid);
  const world = { nowMs: 0, finalMs: undefined as number | undefined };
  const limits = { graceMs: 1_000, totalBytes: 1_000_000, projectBytes: 1_000_000 };

  const open = (changes: Partial<Parameters<typeof createHousekeeping>[0]> = {}) =>
    createHousekeeping({
      store,
      uses: (cid) => uses.get(cid) ?? [],
      denied: createDenyList({ cids: [], projects: [] }),
      limits,
      finalMs: () => world.finalMs,
      nowMs: () => world.nowMs,
      logger: SILENT,
      ...changes,
    });
  async function put(text: string, projectId?: bigint): Promise<string> {
    const car = await carOf(siteOf(text));
    const source = (async function* () {
      yield car;
    })();
    return (await store.put((await pack(siteOf(text))).cid, source, { projectId })).cid;
  }
  const use = (changes: Partial<ContentUse> = {}): ContentUse[] => [
    { projectId: 1n, version: 1, isServed: true, isRouted: true, wasActive: true, newer: 0, ...changes },
  ];
  const kept = async () => (await readdir(join(home, "content"))).filter((name) => name !== "scratch").sort();

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "worker3-test-"));
    ledger = openLedger(":memory:");
    store = await openContentStore({ directory: join(home, "content"), ledger, limits: {}, logger: SILENT });
    uses.clear();
    used.clear();
    [world.nowMs, world.finalMs] = [10_000, 9_000];
    [first, second] = [await put("<p>first"), await put("<p>second")];
    uses.set(first, use());
    uses.set(second, use({ version: 2 }));
  });
  afterEach(async () => {
    ledger.close();
    await rm(home, { recursive: true });
  });

  it("gives back what a closed project leaves, after its grace, and also by an agent that was restarted meanwhile", async () => {
    assert.deepEqual(await open().tidy(isInUse), []);
    uses.set(first, use({ isServed: false }));
    assert.deepEqual(await open().tidy(isInUse), []);
    world.nowMs += 999;
    world.finalMs = world.nowMs;
    assert.deepEqual(await open().tidy(isInUse), []);
    world.nowMs += 1;
    assert.deepEqual(await open().tidy(isInUse), [first]);
    assert.deepEqual(await kept(), [second]);
  });

  it("keeps everything while the chain cannot tell, however long, and begins anew where it is wanted again", async () => {
    uses.clear();
    world.finalMs = undefined;
    await open().tidy(isInUse);
    world.nowMs += 1e9;
    assert.deepEqual(await open().tidy(isInUse), []);
    world.finalMs = world.nowMs;
    uses.set(first, use());
    assert.deepEqual(await open().tidy(isInUse), [second]);
    uses.delete(first);
    assert.deepEqual(await open().tidy(isInUse), [], "its grace begins now");
    assert.deepEqual(await kept(), [first]);
  });

  it("keeps what visitors still get", async () => {
    uses.clear();
    used.add(first);
    await open().tidy(isInUse);
    world.finalMs = world.nowMs += 1e9;
    assert.deepEqual(await open().tidy(isInUse), [second]);
    used.clear();
    assert.deepEqual(await open().tidy(isInUse), []);
    assert.deepEqual(await kept(), [first]);
  });

  it("keeps what was uploaded ahead of its version", async () => {
    const ahead = await put("<p>ahead", 1n);
    world.finalMs = world.nowMs += 1e9;
    assert.deepEqual(await open().tidy(isInUse), []);
    world.finalMs = world.nowMs += 1e9;
    assert.deepEqual(await open().tidy(isInUse), []);
    assert.equal(store.has(ahead), true);
  });

  it("drops at once what the operator denies, in whatever form it is named, whether or not the chain can be asked", async () => {
    world.finalMs = undefined;
    const cids = [(await pack(siteOf("<p>first"))).root.toString()];
    assert.deepEqual(await open({ denied: createDenyList({ cids, projects: [] }) }).tidy(isInUse), [first]);
    uses.set(second, [...use(), ...use({ projectId: 2n })]);
    assert.deepEqual(await open({ denied: createDenyList({ cids: [], projects: [1] }) }).tidy(isInUse), []);
    assert.deepEqual(await open({ denied: createDenyList({ cids: [], projects: [1, 2] }) }).tidy(isInUse), [
      second,
    ]);
  });

  it("leaves what is wanted again while others are dropped", async () => {
    uses.clear();
    await open().tidy(isInUse);
    world.finalMs = world.nowMs += 1e9;
    const slow: ContentStore = {
      ...store,
      async remove(cid) {
        await store.remove(cid);
        for (const other of [first, second]) if (other !== cid) uses.set(other, use());
      },
    };
    assert.equal((await open({ store: slow }).tidy(isInUse)).length, 1);
    assert.equal((await kept()).length, 1);
  });

  it("one that cannot be dropped keeps no other, and is told", async () => {
    uses.clear();
    await open().tidy(isInUse);
    world.finalMs = world.nowMs += 1e9;
    const broken: ContentStore = {
      ...store,
      async remove(cid) {
        if (cid === first) throw new Error("in use");
        await store.remove(cid);
      },
    };
    await assert.rejects(open({ store: broken }).tidy(isInUse), /1 contents could not be dropped/);
    assert.deepEqual(await kept(), [first]);
  });

  it("says how much room a project has, and where there is none why", async () => {
    const [row] = store.list();
    const size = (row?.carBytes ?? 0) + (row?.bytes ?? 0);
    assert.ok(size > 0);
    const small = open({ limits: { ...limits, projectBytes: 3_000 } });
    const room = small.room(1n);
    assert.ok(room > 0 && room < 3_000, String(room));
    assert.match(throwsCode(() => small.room(1n, room + 1), "NO_ROOM").message, /project's share/);
    const full = open({ limits: { ...limits, totalBytes: size } });
    assert.match(throwsCode(() => full.room(2n), "NO_ROOM").message, /this node's disk has 0 bytes/);
  });
});
