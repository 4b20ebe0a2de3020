import assert from "node:assert/strict";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { fetchEdge } from "../edge/testing/testEdge.ts";
import { until } from "../testing/until.ts";
import { type ServingNode, startServingNode } from "./testing/startServingNode.ts";
import { workerVersion } from "./testing/workerVersion.ts";

const PROJECT = 1n;
const MIB = 1_048_576;
const KEPT_OPEN = "data: hello\n\n";

/** What ordinary workers do with what visitors send. */
const SOURCE = `
  const work = (n) => { let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum; };
  export default { async fetch(request) {
    const { pathname } = new URL(request.url);
    if (request.headers.get("upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      server.accept();
      server.addEventListener("message", async ({ data }) => {
        for (let i = 0; i < Number(data); i++) { work(4e6); await scheduler.wait(1); }
        server.send("done");
      });
      return new Response(null, { status: 101, webSocket: client });
    }
    if (pathname === "/buffer") return new Response(String((await request.arrayBuffer()).byteLength));
    if (pathname === "/echo") return new Response(request.body);
    if (pathname === "/endless")
      return new Response(new ReadableStream({ pull: (out) => out.enqueue(new Uint8Array(65_536)) }));
    if (pathname === "/slow") return new Response(String(work(3e10)));
    if (pathname === "/stream") {
      const { readable, writable } = new TransformStream();
      const writer = writable.getWriter();
      const tell = async () => {
        await writer.write(new TextEncoder().encode(${JSON.stringify(KEPT_OPEN)}));
        await scheduler.wait(600_000);
      };
      tell();
      return new Response(readable);
    }
    return new Response("ok");
  } }`;

/** What visitors of a project may do is charged to themselves, not to the project's health and not to one another. */
describe("a hostile visitor", function () {
  this.timeout(120_000);
  let node: ServingNode;
  const sockets: Socket[] = [];

  before(async () => {
    // As on a real node: what was replaced lives on for a while.
    node = await startServingNode({ cells: { lingerMs: 30_000 } });
    await node.deploy(PROJECT, workerVersion(SOURCE));
    await until("the first answer", async () => (await visit("/")) === "200 ok");
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await until("an answer to everybody else", async () => (await visit("/")) === "200 ok");
    assert.equal(node.reconciler.status(PROJECT)?.code, undefined);
  });
  after(() => node[Symbol.asyncDispose]());

  async function visit(path: string): Promise<string> {
    const { status, headers, body } = await fetchEdge(node.edge, { host: node.hostOf(PROJECT), path });
    return `${status} ${headers["worker3-error"] ?? body}`;
  }

  /** Sends so many bytes; what came back. */
  function post(path: string, bytes: number): Promise<string> {
    return new Promise((resolve) => {
      const { port } = node.edge;
      const headers = { host: node.hostOf(PROJECT), "content-length": bytes };
      const call = request({ host: "127.0.0.1", port, path, method: "POST", headers }, (response) => {
        let came = 0;
        response.on("data", (chunk: Buffer) => {
          came += chunk.length;
        });
        response.once("close", () => {
          const what = response.headers["worker3-error"] ?? came;
          resolve(`${response.statusCode} ${response.complete ? what : "broken"}`);
        });
      });
      call.once("error", (error) => resolve(error.message));
      const piece = Buffer.alloc(65_536);
      let left = bytes;
      const push = () => {
        while (left > 0) {
          const size = Math.min(left, piece.length);
          left -= size;
          if (!call.write(piece.subarray(0, size))) return void call.once("drain", push);
        }
        call.end();
      };
      push();
    });
  }

  /** A connection on which something is asked, and what came on it. */
  function open(head: string): { socket: Socket; text: () => string } {
    const socket = connect(node.edge.port, "127.0.0.1");
    sockets.push(socket);
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      if (text.length < 10_000) text += chunk.toString("latin1");
    });
    socket.write(`${head}\r\nHost: ${node.hostOf(PROJECT)}\r\n`);
    return { socket, text: () => text };
  }
  function openWebSocket() {
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    const opened = open("GET /ws HTTP/1.1");
    opened.socket.write(`Connection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`);
    return opened;
  }
  function say({ socket }: { socket: Socket }, text: string): void {
    socket.write(Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0, ...Buffer.from(text)]));
  }

  it("who sends large bodies, several at once and again and again, takes the project from nobody", async () => {
    for (let round = 0; round < 6; round++) {
      const answers = await Promise.all(Array.from({ length: 2 }, () => post("/buffer", 90 * MIB)));
      for (const answer of answers)
        assert.match(answer, /^(200 \d+|503 MEMORY_LIMIT|write E.*|.*ECONNRESET)$/);
      await until("an answer to another", async () => (await visit("/")) === "200 ok");
    }
  });

  it("who sends what is slow, again and again, is told so, and the next one is answered", async () => {
    for (let i = 0; i < 6; i++) {
      assert.match(await visit("/slow"), /^503 CPU_(HANG|LIMIT)$/);
      await until("an answer to another", async () => (await visit("/")) === "200 ok");
    }
  });

  it("who opens more WebSockets than it may leaves the others' places and the project's memory", async () => {
    const many = Array.from({ length: 300 }, openWebSocket);
    await until("all are answered", () => many.every(({ text }) => text().includes("\r\n\r\n")));
    const open = many.filter(({ text }) => text().startsWith("HTTP/1.1 101"));
    assert.equal(open.length, 128);
    assert.match(many.find((one) => !open.includes(one))?.text() ?? "", /429 [\s\S]*TOO_MANY_AT_ONCE/);
  });

  it("who has a WebSocket do too much loses it, and silent neighbours keep theirs and their streams", async () => {
    const streams = Array.from({ length: 5 }, () => open("GET /stream HTTP/1.1"));
    for (const { socket } of streams) socket.write("\r\n");
    const silent = Array.from({ length: 5 }, openWebSocket);
    const chatty = openWebSocket();
    await until("all streams", () => streams.every(({ text }) => text().includes(KEPT_OPEN.trim())));
    await until("all WebSockets", () => [...silent, chatty].every(({ text }) => text().includes("101")));
    const talking = setInterval(() => {
      if (!chatty.socket.destroyed) say(chatty, "200");
    }, 500);
    try {
      await until("the end of the one that works", () => chatty.socket.destroyed);
    } finally {
      clearInterval(talking);
    }
    const left = [...streams, ...silent].filter(({ socket }) => !socket.destroyed);
    assert.equal(left.length, 10);
    assert.match(node.serving.incidents.of(PROJECT)[0]?.message ?? "", /requests used (\d+) ms/);
  });

  it("who has 100 MiB sent back gets all of it", async () => {
    assert.equal(await post("/echo", 100 * MIB), `200 ${100 * MIB}`);
  });

  it("who takes and takes is cut off when nobody pays any more, not only refused the next time", async () => {
    const endless = open("GET /endless HTTP/1.1");
    endless.socket.write("\r\n");
    await until("it flows", () => endless.socket.bytesRead > 16 * MIB);
    node.reconciler.setCapReached(PROJECT, true);
    try {
      await until("its end", () => endless.socket.destroyed);
      assert.equal(await visit("/"), "402 CAP_REACHED");
      await until("the owner is told", () => node.serving.incidents.of(PROJECT)[0]?.code === "CAP_REACHED");
    } finally {
      node.reconciler.setCapReached(PROJECT, false);
    }
  });
});
