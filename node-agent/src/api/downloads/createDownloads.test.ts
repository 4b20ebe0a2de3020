import assert from "node:assert/strict";
import { until } from "../../testing/until.ts";
import { type Asker, createDownloads, type Download } from "./createDownloads.ts";

const LIMITS = {
  concurrent: 3,
  concurrentPerClient: 2,
  bytesPerSecond: 1_000,
  bytesPerSecondPerClient: 500,
};
const from = (network: string): Asker => ({ kind: "stranger", network });
const peer = (operator: string): Asker => ({ kind: "peer", operator });

describe("downloads", () => {
  /** Time goes on when a test lets it: whoever waits is let on in the order of its time. */
  function world(limits = LIMITS) {
    let nowMs = 0;
    const paused: { untilMs: number; resume: () => void; fail: (reason: unknown) => void }[] = [];
    const downloads = createDownloads({
      limits,
      nowMs: () => nowMs,
      pause: (ms, signal) =>
        new Promise<void>((resume, fail) => {
          paused.push({ untilMs: nowMs + ms, resume, fail });
          signal.addEventListener("abort", () => fail(signal.reason));
        }),
    });
    async function advance(toMs: number) {
      nowMs = toMs;
      for (const one of paused.filter(({ untilMs }) => untilMs <= nowMs)) one.resume();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { downloads, paused, advance };
  }

  /** What is to be sent, and what became of it. */
  function sendable(count: number, pieceBytes = 100) {
    const seen = { read: 0, closed: 0 };
    async function* pieces() {
      for (let i = 0; i < count; i++) {
        seen.read += 1;
        yield new Uint8Array(pieceBytes);
      }
    }
    const close = () => {
      seen.closed += 1;
    };
    return { seen, bytes: count * pieceBytes, pieces: pieces(), close };
  }

  /** What somebody gets that takes all it can. */
  function taken(download: Download, one: ReturnType<typeof sendable>) {
    const got = { bytes: 0, isDone: false };
    void (async () => {
      for await (const piece of download.body(one)) got.bytes += piece.length;
      got.isDone = true;
    })();
    return got;
  }
  const turns = async () => {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  };

  function codeOf(begin: () => unknown): string {
    try {
      begin();
      return "begun";
    } catch (error) {
      return String((error as { code?: unknown }).code);
    }
  }

  it("are so many of one address, and so many in all; peers have places of their own", () => {
    const { downloads } = world();
    const first = downloads.begin(from("a"));
    downloads.begin(from("a"));
    assert.equal(
      codeOf(() => downloads.begin(from("a"))),
      "TOO_MANY_DOWNLOADS",
    );
    downloads.begin(from("b"));
    assert.equal(
      codeOf(() => downloads.begin(from("c"))),
      "NODE_BUSY",
    );
    assert.equal(
      codeOf(() => downloads.begin(peer("0x1"))),
      "begun",
    );
    assert.equal(
      codeOf(() => downloads.begin(peer("0x1"))),
      "begun",
    );
    assert.equal(
      codeOf(() => downloads.begin(peer("0x1"))),
      "TOO_MANY_DOWNLOADS",
    );
    first.end();
    first.end();
    assert.equal(
      codeOf(() => downloads.begin(from("c"))),
      "begun",
    );
    assert.equal(
      codeOf(() => downloads.begin(from("c"))),
      "NODE_BUSY",
      "a place is given back once",
    );
  });

  for (const [how, act] of [
    ["it is taken to its end", async (body: ReadableStream) => void (await new Response(body).bytes())],
    ["its asker goes before it began", (body: ReadableStream) => body.cancel()],
    [
      "its asker goes in the middle",
      async (body: ReadableStream) => {
        const reader = body.getReader();
        await reader.read();
        await reader.cancel();
      },
    ],
  ] as const) {
    it(`gives back its place and what it read from when ${how}`, async () => {
      const { downloads } = world();
      for (let i = 0; i < 10; i++) {
        const one = sendable(3, 1);
        await act(downloads.begin(from("a")).body(one));
        await until("it is closed", () => one.seen.closed > 0);
      }
    });
  }

  it("that fail give back theirs, and fail for who asked", async () => {
    const { downloads } = world();
    for (let i = 0; i < 10; i++) {
      const one = sendable(1, 1);
      async function* pieces(): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(1);
        throw new Error("the disk is gone");
      }
      const body = downloads.begin(from("a")).body({ ...one, pieces: pieces() });
      await assert.rejects(new Response(body).bytes(), /the disk is gone/);
      assert.equal(one.seen.closed, 1);
    }
  });

  it("are read no further than they are taken", async () => {
    const { downloads } = world();
    const one = sendable(1_000, 1);
    const reader = downloads.begin(from("a")).body(one).getReader();
    await turns();
    assert.equal(one.seen.read, 0);
    await reader.read();
    await turns();
    assert.equal(one.seen.read, 1);
    await reader.cancel();
  });

  it("of strangers have a rate, each and together, behind what is free at first; those of peers have none", async () => {
    const { downloads, advance } = world({ ...LIMITS, concurrent: 10 });
    const [a, b, c] = ["a", "b", "c"].map((network) => taken(downloads.begin(from(network)), sendable(100)));
    const replica = taken(downloads.begin(peer("0x1")), sendable(100));
    await turns();
    assert.ok(a !== undefined && b !== undefined && c !== undefined);
    assert.deepEqual([replica.bytes, replica.isDone], [10_000, true]);
    // Two seconds' worth of all.
    assert.equal(a.bytes + b.bytes + c.bytes, 2_000);
    for (let ms = 100; ms <= 10_000; ms += 100) await advance(ms);
    await turns();
    const sum = a.bytes + b.bytes + c.bytes;
    assert.ok(sum > 11_000 && sum <= 12_000, `${sum} bytes in all`);
    for (const { bytes } of [a, b, c]) assert.ok(bytes > 3_000 && bytes <= 6_000, `${bytes} bytes of one`);
  });

  it("whose asker goes while they wait for their turn end at once", async () => {
    const { downloads, paused } = world();
    const one = sendable(100, 500);
    const reader = downloads.begin(from("a")).body(one).getReader();
    const reading = (async () => {
      while (!(await reader.read()).done);
    })();
    await until("it waits", () => paused.length > 0);
    await reader.cancel();
    await reading;
    assert.equal(one.seen.closed >= 1, true);
  });
});
