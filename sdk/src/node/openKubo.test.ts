import assert from "node:assert/strict";
import { carOf } from "../content/carOf.ts";
import { pack } from "../content/pack.ts";
import { type PlayedKubo, playKubo } from "../testing/playKubo.ts";
import { rejectsCode } from "../testing/throwsCode.ts";
import { type Kubo, openKubo } from "./openKubo.ts";

const SITE = [
  { path: ".worker3/manifest.json", content: new TextEncoder().encode('{"assets":{},"manifest":2}') },
  { path: "large", content: new Uint8Array(1_500_000).map((_, index) => index % 251) },
];
/** So long that no test sees the end of it. */
const LONG_MS = 600_000;

/** Every call, made with a CID and a CAR. */
const CALLS: Readonly<
  Record<
    string,
    (kubo: Kubo, content: { cid: string; car: Uint8Array }, signal?: AbortSignal) => Promise<unknown>
  >
> = {
  version: (kubo, _, signal) => kubo.version(signal),
  "dag/export": (kubo, { cid }, signal) => all(kubo.readCar(cid, signal)),
  "dag/import": (kubo, { car }, signal) => kubo.importCar(inPieces(car), signal),
  "pin/add": (kubo, { cid }, signal) => kubo.pin(cid, "mine", signal),
  "pin/rm": (kubo, { cid }, signal) => kubo.unpin(cid, signal),
  "pin/ls": (kubo, { cid }, signal) => kubo.pinOf(cid, signal),
  "pin/ls by name": (kubo, _, signal) => all(kubo.pinsNamed("mine", signal)),
};

describe("an IPFS daemon of one's own", () => {
  let played: PlayedKubo;
  let content: { cid: string; car: Uint8Array };

  before(async () => {
    content = { cid: (await pack(SITE)).cid, car: await carOf(SITE) };
  });
  beforeEach(async () => {
    played = await playKubo();
  });
  afterEach(() => played[Symbol.asyncDispose]());

  const open = (idleMs = LONG_MS) => openKubo({ url: `${played.url}/`, idleMs });

  it("takes a CAR as it is, pins it by a name, and gives it back", async () => {
    const kubo = await open();
    assert.equal(await kubo.version(), "0.43.0");
    assert.equal(await kubo.pinOf(content.cid), undefined);
    await kubo.importCar(inPieces(content.car));
    await kubo.pin(content.cid, "mine");
    assert.deepEqual(Buffer.concat(await all(kubo.readCar(content.cid))), Buffer.from(content.car));
    assert.deepEqual(await kubo.pinOf(content.cid), { name: "mine" });
    assert.deepEqual(await all(kubo.pinsNamed("mine")), [content.cid]);
    await kubo.unpin(content.cid);
    await kubo.unpin(content.cid); // what is not pinned needs no unpinning
    assert.equal(played.pins.size, 0);
  });

  it("tells by a name only those pins whose whole name it is", async () => {
    const kubo = await open();
    played.pins.set(content.cid, "node 11");
    assert.deepEqual(await all(kubo.pinsNamed("node 1")), []);
    assert.deepEqual(await all(kubo.pinsNamed("node 11")), [content.cid]);
  });

  it("tells a pin of somebody else's without a name", async () => {
    played.pins.set(content.cid, "");
    assert.deepEqual(await (await open()).pinOf(content.cid), { name: "" });
  });

  for (const [what, make] of Object.entries(CALLS)) {
    const [call = ""] = what.split(" ");
    it(`${what}: a daemon that is silent is left after a while`, async () => {
      played.troubles.set(call, "hang");
      await rejectsCode(make(await open(60), content), "KUBO_TIMEOUT");
    });

    it(`${what}: a daemon that is silent is left when the caller says so`, async () => {
      played.troubles.set(call, "hang");
      const ending = new AbortController();
      const reason = new Error("enough");
      const made = make(await open(), content, ending.signal);
      const timer = setInterval(() => played.calls.length > 0 && ending.abort(reason), 5);
      await assert.rejects(made, (error) => error === reason);
      clearInterval(timer);
    });

    it(`${what}: a daemon that refuses, breaks off, talks nonsense or is gone is an error that says so`, async () => {
      const kubo = await open();
      played.troubles.set(call, "refuse");
      await assert.rejects(make(kubo, content), { code: "KUBO_REFUSED", message: /it does not$/ });
      played.troubles.set(call, "cut");
      await rejectsCode(make(kubo, content), "KUBO_UNREACHABLE");
      if (call !== "dag/export") {
        played.troubles.set(call, "noise");
        await rejectsCode(make(kubo, content), "KUBO_REFUSED");
      }
      await played.die();
      await assert.rejects(make(kubo, content), {
        code: "KUBO_UNREACHABLE",
        value: played.url,
        message: /ECONNREFUSED/,
      });
      await played.rise();
    });

    it(`${what}: an answer that cannot be read is told as one, not as a bug`, async () => {
      const kubo = await open();
      for (const trouble of ["lie", "null"] as const) {
        played.troubles.set(call, trouble);
        // The blocks of a CAR are checked by who reads it.
        if (call !== "dag/export") await rejectsCode(make(kubo, content), "KUBO_REFUSED");
      }
    });
  }

  it("hears of a source that fails in the middle what it threw, not what the daemon made of it", async () => {
    for (const failure of [new Error("the disk"), Object.assign(new Error("the disk"), { code: "EIO" })]) {
      async function* failing() {
        yield content.car.subarray(0, 100);
        throw failure;
      }
      await assert.rejects((await open()).importCar(failing()), (error) => error === failure);
    }
  });

  it("is given no more than it takes", async () => {
    played.troubles.set("dag/import", "deaf");
    let given = 0;
    async function* endless() {
      for (; given < 1e9; given += 65_536) yield new Uint8Array(65_536);
    }
    const ending = new AbortController();
    const importing = (await open()).importCar(endless(), ending.signal);
    importing.catch(() => undefined); // heard below
    // That no more is taken shows in nothing but that for a while no more is.
    let before = -1;
    while (given === 0 || given !== before) {
      before = given;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    ending.abort();
    await assert.rejects(importing, { name: "AbortError" });
    assert.ok(given < 50_000_000, `${given} bytes were read for a daemon that takes none`);
  });

  it("what it took is kept nowhere, however much that is", async () => {
    played.troubles.set("dag/import", "forget");
    const bytes = 256_000_000;
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    async function* large() {
      for (let given = 0; given < bytes; given += 65_536) {
        yield new Uint8Array(65_536);
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
    }
    await (await open()).importCar(large());
    assert.ok(most < bytes / 2, `${most} bytes were held of ${bytes}`);
  });

  it("is followed nowhere else, and not read without an end", async () => {
    const kubo = await open();
    for (const trouble of ["redirect", "endless"] as const) {
      played.troubles.set("version", trouble);
      played.calls.length = 0;
      await rejectsCode(kubo.version(), "KUBO_REFUSED");
      assert.deepEqual(played.calls, ["version"], trouble);
    }
  });

  it("a reader who takes a long time is not taken for a daemon that is silent", async () => {
    played.cars.set(content.cid, content.car);
    const kubo = await open(500);
    let bytes = 0;
    for await (const piece of kubo.readCar(content.cid)) {
      // Longer than the daemon may be silent.
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 700));
      bytes += piece.length;
    }
    assert.equal(bytes, content.car.length);
  });

  it("is opened by what stands before the host, which is in no name and no error", async () => {
    const kubo = await openKubo({ url: played.url.replace("//", "//me:se%20cret@"), idleMs: LONG_MS });
    await kubo.version();
    assert.deepEqual([...played.openers], [`Basic ${Buffer.from("me:se cret").toString("base64")}`]);
    assert.equal(kubo.url, played.url);
    await played.die();
    await assert.rejects(kubo.version(), (error: Error) => !/cret/.test(error.message));
    await played.rise();
  });

  it("takes no address that is none of an RPC API", async () => {
    for (const url of ["/ip4/127.0.0.1/tcp/5001", "ftp://127.0.0.1", "127.0.0.1:5001", "http://a/?b", ""]) {
      await rejectsCode(openKubo({ url, idleMs: LONG_MS }), "KUBO_URL_BAD");
    }
  });
});

async function all<part>(parts: AsyncIterable<part>): Promise<part[]> {
  const found: part[] = [];
  for await (const part of parts) found.push(part);
  return found;
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += 65_536) yield bytes.subarray(offset, offset + 65_536);
}
