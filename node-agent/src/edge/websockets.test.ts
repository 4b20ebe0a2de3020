import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Agent, WebSocket } from "undici";
import {
  eventually,
  fetchEdge,
  startTestEdge,
  startUpstream,
  type TestEdge,
  talk,
  totals,
  type Upstream,
} from "./testing/testEdge.ts";

const HOST = "localhost.example";
const HEAD = `GET /ws HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n`;

describe("edge: WebSockets", () => {
  let test: TestEdge;
  let upstream: Upstream;
  let requests: string[] = [];
  const sockets = new Set<Duplex>();

  before(async () => {
    test = await startTestEdge({ ownHosts: [] });
    const server = createServer((request, response) => {
      requests.push(`request ${request.url} ${request.headers.upgrade ?? ""}`);
      response.statusCode = request.url === "/ok" ? 200 : 426;
      response.end("plain");
    });
    server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
      requests.push(`upgrade ${request.url}`);
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
      if (request.url === "/denied") {
        socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\nConnection: close\r\n\r\ndenied");
        return;
      }
      const accept = createHash("sha1")
        .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest("base64");
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n" +
          `Sec-WebSocket-Accept: ${accept}\r\nworker3-node: 999\r\n\r\n`,
      );
      socket.on("end", () => socket.end());
      socket.on("data", (frame: Buffer) => {
        socket.write(unmask(frame));
        const isClosing = ((frame[0] ?? 0) & 0x0f) === 8;
        if (isClosing) socket.end();
      });
    });
    upstream = await startUpstream(server, `${test.directory}/ws.sock`);
    test.routeTo("1", HOST, `${test.directory}/ws.sock`, 4);
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST, path: "/ok" })).status === 200);
  });
  beforeEach(() => {
    requests = [];
  });
  after(async () => {
    await upstream.kill();
    await test.stop();
  });

  it("a WebSocket passes both ways, counts once, and its bytes to the visitor are egress", async () => {
    const before = totals(test.reports, "1");
    const dispatcher = new Agent({
      connect: { lookup: (_host, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]) },
    });
    const socket = new WebSocket(`ws://${HOST}:${test.edge.port}/ws`, { dispatcher });
    const texts: string[] = [];
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", ({ error }) => reject(error));
    });
    socket.addEventListener("message", ({ data }) => texts.push(String(data)));
    socket.send("hello");
    await eventually(() => texts.length === 1);
    socket.send("again");
    await eventually(() => texts.length === 2);
    assert.deepEqual(texts, ["hello", "again"]);
    await eventually(() => test.edge.load(`${test.directory}/ws.sock`).inFlight === 1);
    socket.close();
    await eventually(() => test.edge.load(`${test.directory}/ws.sock`).inFlight === 0);
    await eventually(() => totals(test.reports, "1").requests > before.requests);
    const after = totals(test.reports, "1");
    // Two texts of 5 bytes with their frame heads, and the echo of the closing frame.
    assert.ok(after.egressBytes - before.egressBytes >= 2 * (5 + 2));
    assert.ok(after.egressBytes - before.egressBytes < 100);
    await dispatcher.destroy();
  });

  it("the head says who answered, and nothing in the tenant's name", async () => {
    const text = await talk(test.edge, `${HEAD}\r\n`, (answer) => answer.includes("\r\n\r\n"));
    assert.match(text, /^HTTP\/1\.1 101 /);
    assert.match(text, /worker3-node: 7\r\n/);
    assert.match(text, /worker3-version: 4\r\n/);
    assert.doesNotMatch(text, /999/);
    assert.match(text, /sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/i);
  });

  it("a tenant may refuse the upgrade", async () => {
    const text = await talk(test.edge, `${HEAD.replace("/ws", "/denied")}\r\n`);
    assert.match(text, /^HTTP\/1\.1 403 [\s\S]*worker3-node: 7[\s\S]*denied$/);
  });

  it("an upgrade without a route is refused like any request", async () => {
    const text = await talk(test.edge, `${HEAD.replace(HOST, "nobody.example")}\r\n`);
    assert.match(text, /^HTTP\/1\.1 404 [\s\S]*UNKNOWN_HOST/);
  });

  it("an upgrade with a body is a request without an upgrade, and nothing behind it is taken for a request", async () => {
    const smuggled = `GET /smuggled HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
    const head = `${HEAD}Content-Length: ${smuggled.length}\r\n\r\n`;
    await talk(test.edge, `${head}${smuggled}`, (answer) => answer.includes("plain"));
    assert.deepEqual(requests, ["request /ws "]);
  });

  it("other protocols in Upgrade are ignored", async () => {
    const text = await talk(
      test.edge,
      `GET /ok HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n`,
      (answer) => answer.includes("plain"),
    );
    assert.match(text, /^HTTP\/1\.1 200 /);
    assert.deepEqual(requests, ["request /ok "]);
  });

  it("an end of either side ends the other", async () => {
    const closed = talk(test.edge, `${HEAD}\r\n`);
    await eventually(() => sockets.size === 1);
    for (const socket of sockets) socket.destroy();
    assert.match(await closed, /^HTTP\/1\.1 101 /);
    await talk(test.edge, `${HEAD}\r\n`, (answer) => answer.includes("\r\n\r\n"));
    await eventually(() => sockets.size === 0);
  });

  it("an upstream is not retired while a WebSocket is open, unless the agent gives up waiting", async () => {
    const open = talk(test.edge, `${HEAD}\r\n`);
    await eventually(() => sockets.size === 1);
    const controller = new AbortController();
    let isRetired = false;
    const patient = test.edge.retire(`${test.directory}/ws.sock`).then(() => {
      isRetired = true;
    });
    const hasty = test.edge.retire(`${test.directory}/ws.sock`, { signal: controller.signal });
    controller.abort();
    await hasty;
    assert.equal(isRetired, false);
    for (const socket of sockets) socket.destroy();
    await Promise.all([patient, open]);
  });
});

/** A client's short text or closing frame, as a server sends it back. */
function unmask(frame: Buffer): Buffer {
  const length = (frame[1] ?? 0) & 0x7f;
  const mask = frame.subarray(2, 6);
  const payload = frame.subarray(6, 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([frame[0] ?? 0, length]), payload]);
}
