import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carOf, type FolderEntry, pack } from "@worker3/sdk";
import { openKubo } from "@worker3/sdk/node";
import { type PlayedKubo, playKubo } from "@worker3/sdk/testing";
import { kuboPinTable } from "../ledger/kuboPinTable.ts";
import { type Ledger, openLedger } from "../ledger/openLedger.ts";
import { createLogger } from "../logging/createLogger.ts";
import { type HeldClock, holdClock } from "../testing/holdClock.ts";
import type { ContentStore } from "./ContentStore.ts";
import { createKuboPins } from "./createKuboPins.ts";
import { openContentStore } from "./openContentStore.ts";

const siteOf = (text: string): FolderEntry[] => [
  { path: ".worker3/manifest.json", content: new TextEncoder().encode('{"assets":{},"manifest":2}') },
  { path: "index.html", content: new TextEncoder().encode(text) },
];
const NAME = "worker3:node:1";
const MINUTE_MS = 60_000;
const { signal } = new AbortController();

describe("the pins of a node in an IPFS daemon", () => {
  let home = "";
  let ledger: Ledger;
  let store: ContentStore;
  let kubo: PlayedKubo;
  let clock: HeldClock;
  let lines: { level: number; msg: string }[];
  const dropped = new Set<string>();

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "worker3-test-"));
    ledger = openLedger(":memory:");
    const logger = createLogger({ level: "silent" });
    store = await openContentStore({ directory: join(home, "content"), ledger, limits: {}, logger });
    kubo = await playKubo();
    clock = holdClock();
    lines = [];
    dropped.clear();
  });
  afterEach(async () => {
    clock[Symbol.dispose]();
    await kubo[Symbol.asyncDispose]();
    ledger.close();
    await rm(home, { recursive: true });
  });

  /** The pins of an agent that starts now. */
  async function start({ isPinning = true, idleMs = 600_000, name = NAME } = {}) {
    const logger = createLogger({
      level: "debug",
      destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
    });
    return createKuboPins({
      kubo: await openKubo({ url: kubo.url, idleMs }),
      name,
      isPinning,
      table: kuboPinTable(ledger),
      store,
      wishes: { wanted: () => store.list().map(({ cid }) => cid), isGone: (cid) => dropped.has(cid) },
      logger,
    });
  }
  async function keep(text: string): Promise<string> {
    const site = siteOf(text);
    const car = await carOf(site);
    const source = (async function* () {
      yield car;
    })();
    return (await store.put((await pack(site)).cid, source)).cid;
  }
  async function drop(cid: string): Promise<void> {
    dropped.add(cid);
    await store.remove(cid);
  }
  const told = (level: number) => lines.filter((line) => line.level === level).map(({ msg }) => msg);

  it("what is kept is pinned as it is, and unpinned when it was dropped", async () => {
    const pins = await start();
    const [a, b] = [await keep("a"), await keep("b")];
    await pins.round(signal);
    assert.deepEqual(
      new Map(kubo.pins),
      new Map([
        [a, NAME],
        [b, NAME],
      ]),
    );
    assert.deepEqual(Buffer.from(kubo.cars.get(a) ?? []), Buffer.from(await carOf(siteOf("a"))));
    await drop(a);
    await pins.round(signal);
    assert.deepEqual([...kubo.pins.keys()], [b]);
    assert.deepEqual(kuboPinTable(ledger).list(), [b]);
    assert.deepEqual(pins.status(), {
      url: kubo.url,
      version: "0.43.0",
      pins: { pinned: 1, waiting: 0, ofOthers: 0, refused: 0 },
      error: null,
    });
  });

  it("pins of others stay, whether they were there before or took this node's place", async () => {
    const [theirs, unnamed, replaced] = [await keep("theirs"), await keep("unnamed"), await keep("replaced")];
    kubo.pins.set(theirs, "the operator's");
    kubo.pins.set(unnamed, "");
    const pins = await start();
    await pins.round(signal);
    assert.equal(kubo.pins.get(replaced), NAME);
    assert.deepEqual(pins.status().pins, { pinned: 1, waiting: 0, ofOthers: 2, refused: 0 });
    kubo.pins.set(replaced, "the operator's, too");
    for (const cid of [theirs, unnamed, replaced]) await drop(cid);
    await pins.round(signal);
    assert.deepEqual([...kubo.pins.keys()].sort(), [theirs, unnamed, replaced].sort());
    assert.deepEqual(kuboPinTable(ledger).list(), []);
  });

  it("two nodes share a daemon: what one drops and the other keeps is pinned for the other", async () => {
    const cid = await keep("shared");
    const [one, other] = [await start(), await start({ name: "worker3:node:2" })];
    await one.round(signal);
    await other.round(signal);
    assert.equal(kubo.pins.get(cid), NAME);
    kubo.pins.delete(cid); // the first node dropped it
    clock.advance(10 * MINUTE_MS);
    await other.round(signal);
    assert.equal(kubo.pins.get(cid), "worker3:node:2");
  });

  it("a new agent knows its pins again, and pins anew what the daemon lost", async () => {
    const [a, b] = [await keep("a"), await keep("b")];
    await (await start()).round(signal);
    kubo.pins.delete(b);
    await drop(a);
    kubo.calls.length = 0;
    await (await start()).round(signal);
    assert.deepEqual([...kubo.pins.keys()], [b]);
    assert.deepEqual(
      kubo.calls.filter((call) => /add|rm/.test(call)),
      [`pin/rm ${a}`, `pin/add ${b}`],
    );
  });

  it("what a crash left half done is finished, and is this node's to unpin", async () => {
    const cid = await keep("a");
    kubo.troubles.set("pin/add", "cut");
    await (await start()).round(signal);
    kubo.pins.set(cid, NAME); // the daemon had heard it
    kubo.troubles.clear();
    await drop(cid);
    await (await start()).round(signal);
    assert.equal(kubo.pins.size, 0);
  });

  it("while nothing changes the daemon is asked once a minute whether it is there", async () => {
    await keep("a");
    const pins = await start();
    await pins.round(signal);
    kubo.calls.length = 0;
    for (let round = 0; round < 10; round += 1) {
      await pins.round(signal);
      clock.advance(MINUTE_MS / 5);
    }
    assert.deepEqual(kubo.calls, ["version"]);
  });

  it("a daemon that dies half-way is waited for, longer each time, and then all is pinned", async () => {
    const pins = await start();
    const a = await keep("a");
    await pins.round(signal);
    const b = await keep("b");
    await kubo.die();
    for (let round = 0; round < 200; round += 1) {
      await pins.round(signal);
      clock.advance(5_000);
    }
    const { version, error, pins: counts } = pins.status();
    assert.deepEqual(
      [version, error?.code, counts?.pinned, counts?.waiting],
      [null, "KUBO_UNREACHABLE", 1, 1],
    );
    assert.equal(told(40).length, 1, "one warning, however long it is away");
    const tries = told(20).length;
    assert.ok(tries >= 3 && tries < 20, `${tries} tries in 1,000 s`);
    await kubo.rise();
    clock.advance(5 * MINUTE_MS);
    await pins.round(signal);
    assert.deepEqual([...kubo.pins.keys()].sort(), [a, b].sort());
    assert.equal(pins.status().error, null);
    assert.equal(told(30).at(-1), "the IPFS daemon answers again");
  });

  it("what the daemon refuses holds up nothing else, and is tried again later", async () => {
    const [a, b] = [await keep("a"), await keep("b")];
    kubo.troubles.set("pin/add", "refuse");
    const pins = await start();
    await pins.round(signal);
    await pins.round(signal);
    assert.deepEqual(pins.status().pins, { pinned: 0, waiting: 0, ofOthers: 0, refused: 2 });
    assert.equal(told(40).length, 2, "each is told once");
    kubo.troubles.clear();
    clock.advance(10 * MINUTE_MS);
    await pins.round(signal);
    assert.deepEqual([...kubo.pins.keys()].sort(), [a, b].sort());
  });

  it("a daemon that tells pins of what is no CID is a trouble that the operator sees", async () => {
    const pins = await start();
    await keep("one");
    kubo.troubles.set("pin/ls", "lie");
    await pins.round(signal);
    assert.equal(pins.status().error?.code, "KUBO_REFUSED");
    assert.deepEqual(told(40), ["the IPFS daemon does not do what it is asked for"]);
    kubo.troubles.clear();
    clock.advance(10 * MINUTE_MS);
    await pins.round(signal);
    assert.equal(pins.status().error, null);
    assert.equal(kubo.pins.size, 1);
  });

  it("a daemon that is silent costs one wait, not one for each content", async () => {
    for (const text of ["a", "b", "c"]) await keep(text);
    kubo.troubles.set("dag/import", "hang");
    const pins = await start({ idleMs: 50 });
    await pins.round(signal);
    const imports = kubo.calls.filter((call) => call.startsWith("dag/import")).length;
    assert.ok(imports <= 1, `${imports} imports`);
    assert.equal(pins.status().error?.code, "KUBO_TIMEOUT");
  });

  it("an agent that stops ends the call that it is in", async () => {
    await keep("a");
    kubo.troubles.set("dag/import", "hang");
    const stopping = new AbortController();
    const pins = await start();
    const round = pins.round(stopping.signal);
    const timer = setInterval(
      () => kubo.calls.some((call) => call.startsWith("dag/import")) && stopping.abort(),
      5,
    );
    await assert.rejects(round, { name: "AbortError" });
    clearInterval(timer);
  });

  it("where nothing is to be pinned the daemon is only asked whether it is there", async () => {
    await keep("a");
    const pins = await start({ isPinning: false });
    await pins.round(signal);
    assert.deepEqual(kubo.calls, ["version"]);
    assert.deepEqual([pins.status().pins, pins.status().version], [null, "0.43.0"]);
  });
});
