import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { eventually, fetchEdge, startTestEdge, type TestEdge, type Upstream } from "./testing/testEdge.ts";

const HOST = "ends.example";
const MEBI = 1024 * 1024;

interface Heard {
  readonly text: string;
  /** `end`, or the error's code. */
  readonly ending: string;
}

describe("edge: how connections end", () => {
  let test: TestEdge;

  before(async () => {
    test = await startTestEdge();
  });
  after(() => test.stop());

  /** Routes HOST to an upstream whose connections say what the test lets them when something comes. */
  async function saying(answer: (socket: Socket, head: string) => void): Promise<Upstream> {
    const upstream = await test.rawUpstream((socket) => {
      socket.once("data", (chunk) => answer(socket, chunk.toString("latin1")));
    });
    test.route("1", HOST, { kind: "refused", status: 418, code: "CHANGING", message: "" });
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).status === 418);
    test.routeTo("1", HOST, upstream.path);
    test.route("marker", "marker.example", { kind: "refused", status: 418, code: "READY", message: "" });
    await eventually(async () => (await fetchEdge(test.edge, { host: "marker.example" })).status === 418);
    test.edge.removeRoutes(["marker"]);
    return upstream;
  }

  /** A visitor who first sends all it has, and then reads: what it gets, and how the connection ends for it. */
  function sendThenRead(
    bytes: string | Buffer,
    options: { end?: boolean; when?: Promise<unknown>; onText?: (text: string) => void } = {},
  ): Promise<Heard> {
    return new Promise((resolve) => {
      const socket = connect({ port: test.edge.port, host: "127.0.0.1", allowHalfOpen: true });
      const chunks: Buffer[] = [];
      const settle = (ending: string) => {
        resolve({ text: Buffer.concat(chunks).toString("latin1"), ending });
        socket.destroy();
      };
      socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code ?? ""));
      socket.once("end", () => settle("end"));
      socket.pause();
      socket.write(bytes, async () => {
        await options.when;
        if (options.end) socket.end();
        socket.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          options.onText?.(chunk.toString("latin1"));
        });
        socket.resume();
      });
    });
  }

  const get = (path = "/") => `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
  const PART = "y".repeat(100_000);
  const framings = {
    "a length": [`Content-Length: ${2 * PART.length}`, PART],
    chunks: ["Transfer-Encoding: chunked", `${PART.length.toString(16)}\r\n${PART}\r\n`],
  } as const;

  for (const [name, [framing, part]] of Object.entries(framings)) {
    it(`what was sent of a response that breaks off arrives, and then the end: ${name}`, async () => {
      let broke: () => void = () => {};
      const when = new Promise<void>((resolve) => {
        broke = resolve;
      });
      await saying((socket) => {
        socket.end(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n${part}`, () => broke());
      });
      const { text, ending } = await sendThenRead(get(), { when });
      assert.equal(ending, "end");
      assert.equal(text.match(/y/g)?.length, PART.length);
      // Chunks that have an end would look like the whole.
      assert.doesNotMatch(text, /\r\n0\r\n\r\n$/);
    });
  }

  it("what was sent of a response that is cut arrives, and then the end", async () => {
    const { path } = await saying((socket) =>
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart"),
    );
    const refusal = { status: 503, code: "CPU_LIMIT", message: "" };
    const { text, ending } = await sendThenRead(get(), {
      onText: (text) => {
        if (text.endsWith("part")) void test.edge.cut(path, { choice: { by: "age", minAgeMs: 0 }, refusal });
      },
    });
    assert.match(text, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\npart$/);
    assert.equal(ending, "end");
  });

  it("a response of a pipelined request that breaks off takes nothing from the one before it", async () => {
    await saying((socket, head) => {
      if (head.startsWith("GET /first")) socket.end(`HTTP/1.1 200 OK\r\n\r\n${PART}first`);
      else socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
    });
    const { text, ending } = await sendThenRead(`${get("/first")}${get("/second")}`);
    assert.equal(ending, "end");
    assert.match(text, /^HTTP\/1\.1 200 [\s\S]*first[\s\S]*HTTP\/1\.1 200 [\s\S]*\r\n\r\npart$/);
  });

  const whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole";
  const halfClosed = {
    "a GET": get(),
    "a POST with its body": `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 2\r\n\r\nhi`,
    "HTTP/1.0": `GET / HTTP/1.0\r\nHost: ${HOST}\r\n\r\n`,
    "two at once": `${get()}${get()}`,
  };
  for (const [name, bytes] of Object.entries(halfClosed)) {
    it(`who ends its side behind a request gets the answer, and the end: ${name}`, async () => {
      await saying((socket) => setImmediate(() => socket.end(whole)));
      const { text, ending } = await sendThenRead(bytes, { end: true });
      assert.equal(text.match(/whole/g)?.length, name === "two at once" ? 2 : 1);
      assert.equal(ending, "end");
    });
  }

  const body = Buffer.alloc(4 * MEBI, "x");
  const early = {
    "a connection that is kept": "POST / HTTP/1.1",
    "a connection that is closed": "POST / HTTP/1.1\r\nConnection: close",
    "HTTP/1.0": "POST / HTTP/1.0",
  };
  for (const [name, start] of Object.entries(early)) {
    it(`who sends a body that nobody reads gets the answer to it: ${name}`, async () => {
      await saying((socket) => {
        socket.pause();
        socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", () => socket.destroy());
      });
      // Where the connection is kept, another request shows that it is usable, and ends it.
      const next = name.endsWith("kept")
        ? `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`
        : "";
      const head = `${start}\r\nHost: ${HOST}\r\nContent-Length: ${body.length}\r\n\r\n`;
      const { text, ending } = await sendThenRead(
        Buffer.concat([Buffer.from(head), body, Buffer.from(next)]),
      );
      assert.equal(ending, "end");
      const statuses = text.match(/HTTP\/1\.1 \d+/g);
      assert.deepEqual(statuses, Array(next === "" ? 1 : 2).fill("HTTP/1.1 401"));
    });
  }

  const refused = {
    "a head that is too large": [`GET / HTTP/1.1\r\nHost: ${HOST}\r\nx: ${"y".repeat(4 * MEBI)}`, 431],
    "no HTTP": ["z".repeat(4 * MEBI), 400],
    "an expectation": [
      `POST / HTTP/1.1\r\nHost: ${HOST}\r\nExpect: miracles\r\nContent-Length: ${4 * MEBI}\r\n\r\n${"x".repeat(4 * MEBI)}`,
      417,
    ],
  } as const;
  for (const [name, [bytes, status]] of Object.entries(refused)) {
    it(`who sends much that is refused gets to know why: ${name}`, async () => {
      const { text, ending } = await sendThenRead(bytes);
      assert.ok(text.startsWith(`HTTP/1.1 ${status} `), text.slice(0, 100));
      assert.equal(ending, "end");
    });
  }

  it("what is no request behind a whole one takes nothing from its answer", async () => {
    // Later than the edge has read what is behind: it does not say when it has.
    await saying((socket) => setTimeout(() => socket.end(whole), 20));
    const { text, ending } = await sendThenRead(`${get()}this is no request\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 200 [\s\S]*whole[\s\S]*HTTP\/1\.1 400 /);
    assert.equal(ending, "end");
  });

  const upgrade = `GET /ws HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`;
  it("who asks for a WebSocket, is refused, and has sent much already gets the refusal", async () => {
    await saying((socket) => socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\ndenied"));
    const { text, ending } = await sendThenRead(`${upgrade}${"f".repeat(4 * MEBI)}`);
    assert.match(text, /^HTTP\/1\.1 403 [\s\S]*denied$/);
    assert.equal(ending, "end");
  });

  it("the last words of a WebSocket arrive, though its visitor still sends", async () => {
    await saying((socket) => {
      socket.pause();
      const head = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
      socket.end(`${head}last words`, () => socket.destroy());
    });
    const { text, ending } = await sendThenRead(`${upgrade}${"f".repeat(4 * MEBI)}`);
    assert.match(text, /^HTTP\/1\.1 101 [\s\S]*last words$/);
    assert.equal(ending, "end");
  });
});
