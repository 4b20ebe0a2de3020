import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { LIMITS } from "./embedded/process/limits.ts";
import { eventually, fetchEdge, startTestEdge, type TestEdge, talk, totals } from "./testing/testEdge.ts";

const HOST = "pipelined.example";
const UPGRADE =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
const BIG = "b".repeat(5 * 1024 * 1024);

describe("edge: requests of one connection that do not wait for answers", () => {
  let test: TestEdge;
  let pid: number | undefined;
  let held: ServerResponse[];
  let asked: string[];
  let underWay: number;
  let mostUnderWay: number;
  let sockets: Socket[];

  before(async () => {
    test = await startTestEdge();
    [pid] = test.edge.pids;
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      const { url = "" } = request;
      asked.push(url);
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      response.once("close", () => {
        underWay -= 1;
      });
      if (url === "/held") held.push(response);
      else if (url === "/big") response.end(BIG);
      else if (url === "/broken") {
        response.writeHead(200, { "content-length": 2 * BIG.length });
        response.write(BIG, () => response.destroy());
      } else request.resume().once("end", () => response.end(`answer to ${url}`));
    };
    [held, asked, underWay, mostUnderWay, sockets] = [[], [], 0, 0, []];
    const tenant = await test.upstream(answer);
    tenant.server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
      asked.push(`upgrade ${request.url}`);
      if (request.url === "/refused") {
        socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${BIG.length}\r\n\r\n${BIG}`);
        return;
      }
      socket
        .on("error", () => {})
        .end("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nbye");
    });
    test.routeTo("1", HOST, tenant.path);
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).status === 200);
  });
  beforeEach(async () => {
    await eventually(() => underWay === 0);
    [held, asked, mostUnderWay, sockets] = [[], [], 0, []];
  });
  afterEach(async () => {
    for (const response of held) response.destroy();
    for (const socket of sockets) socket.destroy();
    assert.equal((await fetchEdge(test.edge, { host: HOST })).body, "answer to /");
    assert.deepEqual(test.edge.pids, [pid], "the process died");
  });
  after(() => test.stop());

  const get = (path: string, headers = "") => `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n${headers}\r\n`;
  const lastGet = (path: string) => get(path, "Connection: close\r\n");
  const post = (path: string, headers: string, body = "") =>
    `POST ${path} HTTP/1.1\r\nHost: ${HOST}\r\n${headers}\r\n${body}`;
  function send(bytes: string): Socket {
    const socket = connect(test.edge.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(bytes, "latin1");
    sockets.push(socket);
    return socket;
  }

  const behind: Record<string, string> = {
    "a WebSocket": get("/ws", UPGRADE),
    "a WebSocket and its frames": `${get("/ws", UPGRADE)}\x81\x02hi\x81\x02hi`,
    "a WebSocket and a request": `${get("/ws", UPGRADE)}${get("/")}`,
    "two WebSockets": get("/ws", UPGRADE).repeat(2),
    "a CONNECT": `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
    "a body that waits for a 100": post("/", "Expect: 100-continue\r\nContent-Length: 2\r\n"),
    "a body that waits for a 100, and comes": post(
      "/",
      "Expect: 100-continue\r\nContent-Length: 2\r\n",
      "hi",
    ),
    "an expectation of another kind": post("/", "Expect: miracles\r\nContent-Length: 2\r\n", "hi"),
    "an expectation of another kind and a WebSocket": `${post("/", "Expect: miracles\r\nContent-Length: 0\r\n")}${get("/ws", UPGRADE)}`,
    "a target that is not ASCII": get("/\xc3\xa9"),
    "HTTP/2 in the clear": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "another protocol": get("/", "Connection: Upgrade\r\nUpgrade: h2c\r\n"),
    "a request without a host": "GET / HTTP/1.1\r\n\r\n",
    "half a request": `GET / HTTP/1.1\r\nHost: ${HOST}\r\n`,
    "half a body": post("/", "Content-Length: 100\r\n", "half"),
    "a chunk that goes wrong": post("/", "Transfer-Encoding: chunked\r\n", "XX\r\n"),
    garbage: "\x00\x01\x02 garbage\r\n\r\n",
  };
  const first: Record<string, string> = {
    "a request": get("/held"),
    "a request with a body": post("/held", "Content-Length: 2\r\n", "hi"),
    "a request whose answer is long": get("/big"),
    "a request whose answer breaks off": get("/broken"),
    "a target that is not ASCII, with a long answer behind": `${get("/\xc3\xa9")}${get("/big").repeat(30)}`,
    "a target that is not ASCII, with an answer that breaks off behind": `${get("/\xc3\xa9")}${get("/broken").repeat(30)}`,
    "a WebSocket": get("/ws", UPGRADE),
    "a WebSocket that is refused": get("/refused", UPGRADE),
    "an expectation of another kind": post("/", "Expect: miracles\r\nContent-Length: 0\r\n"),
  };
  for (const [firstName, firstBytes] of Object.entries(first)) {
    it(`end no process, whatever comes behind ${firstName}`, async () => {
      for (const [name, bytes] of Object.entries(behind)) {
        const socket = send(`${firstBytes}${bytes}`);
        // Once it has been read, an answer to somebody who came later is there.
        assert.equal((await fetchEdge(test.edge, { host: HOST })).body, "answer to /", name);
        for (const response of held.splice(0)) response.end("at last");
        socket.end();
        assert.equal((await fetchEdge(test.edge, { host: HOST })).body, "answer to /", name);
        socket.resetAndDestroy();
        assert.equal((await fetchEdge(test.edge, { host: HOST })).body, "answer to /", name);
        assert.deepEqual(test.edge.pids, [pid], `the process died: ${name}`);
      }
    });
  }

  it("get an answer that is no WebSocket where they ask for one behind another request", async () => {
    const text = await talk(
      test.edge,
      `${get("/first")}${get("/ws", UPGRADE.replace("Upgrade", "close, Upgrade"))}`,
    );
    assert.match(text, /answer to \/first[\s\S]*HTTP\/1\.1 200 [\s\S]*answer to \/ws$/);
    assert.deepEqual(asked, ["/first", "/ws"]);
  });

  it("a WebSocket's refusal comes whole, however long it is", async () => {
    const text = await talk(test.edge, get("/refused", UPGRADE));
    assert.ok(text.startsWith("HTTP/1.1 403 "), text.slice(0, 100));
    assert.equal(text.length - text.indexOf("\r\n\r\n") - 4, BIG.length);
  });

  it("are at their upstream one after the other, and are answered whole and in their order", async () => {
    const text = await talk(
      test.edge,
      `${get("/big")}${get("/1")}${get("/big")}${get("/2")}${lastGet("/big")}`,
    );
    assert.deepEqual(
      text.match(/HTTP\/1\.1 200 |answer to \/\d|b+/g)?.map((found) => found.length),
      [...[13, BIG.length, 13, 12, 13, BIG.length, 13, 12, 13, BIG.length]],
    );
    assert.equal(mostUnderWay, 1);
  });

  it("with bodies get the answers that belong to them", async () => {
    const text = await talk(
      test.edge,
      `${post("/1", `Content-Length: ${BIG.length}\r\n`, BIG)}${post("/2", "Expect: 100-continue\r\nContent-Length: 2\r\n", "hi")}${post("/3", "Transfer-Encoding: chunked\r\n", "2\r\nhi\r\n0\r\n\r\n")}${lastGet("/4")}`,
    );
    assert.deepEqual(text.match(/HTTP\/1\.1 \d+|answer to \/\d/g), [
      ...["HTTP/1.1 200", "answer to /1", "HTTP/1.1 100", "HTTP/1.1 200", "answer to /2"],
      ...["HTTP/1.1 200", "answer to /3", "HTTP/1.1 200", "answer to /4"],
    ]);
  });

  it("are not asked and not counted behind one that gets no answer", async () => {
    const host = "counted.example";
    test.routeTo("2", host, `${test.directory}/0.sock`);
    await eventually(async () => (await fetchEdge(test.edge, { host })).status === 200);
    const bytes = `${get("/held")}${get("/api").repeat(50)}`.replaceAll(HOST, host);
    const visitors = Array.from({ length: 5 }, () => send(bytes));
    await eventually(() => held.length === 5);
    for (const socket of visitors) socket.resetAndDestroy();
    await eventually(() => underWay === 0);
    // Counts come in order: with this one, those of all that was asked before it are there.
    await fetchEdge(test.edge, { host, path: "/marker" });
    const counted = asked.length - 5;
    await eventually(() => totals(test.reports, "2").requests >= counted);
    assert.deepEqual(
      asked.filter((path) => path === "/api"),
      [],
    );
    assert.ok(totals(test.reports, "2").requests < 50);
  });

  it("are asked no more behind one after which the connection ends", async () => {
    const text = await talk(test.edge, `${lastGet("/last")}${get("/more")}`);
    assert.match(text, /answer to \/last$/);
    assert.deepEqual(asked, ["/last"]);
  });

  it("are answered as many as may wait, the last of which says that the connection ends", async () => {
    const socket = send(`${get("/held")}${get("/x").repeat(3_000)}`);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await eventually(() => held.length === 1);
    await fetchEdge(test.edge, { host: HOST });
    for (const response of held) response.end("at last");
    await closed;
    assert.equal(text.match(/HTTP\/1\.1 200 /g)?.length, 1 + LIMITS.waitingPerConnection);
    assert.equal(text.match(/connection: close/gi)?.length, 1);
    assert.match(text, /connection: close[\s\S]*answer to \/x$/i);
  });
});
