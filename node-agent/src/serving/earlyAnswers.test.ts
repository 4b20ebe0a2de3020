import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { makeFolder } from "../cells/testing/makeFolder.ts";
import { type Reference, startReference } from "../cells/testing/startReference.ts";
import { TestRunner } from "../cells/testing/TestRunner.ts";
import { eventually, fetchEdge, startTestEdge, type TestEdge, talk } from "../edge/testing/testEdge.ts";

const HOST = "early.example";
const MEBI = 1024 * 1024;
const CLIENTS = 8;

/** Reads no body but at `/show`. */
const SOURCE = `export default { async fetch(request) {
  const { pathname } = new URL(request.url);
  if (pathname === "/show") return Response.json({
    method: request.method,
    body: request.body === null ? null : await request.text(),
    length: request.headers.get("content-length"),
  });
  if (pathname === "/302") return Response.redirect("http://elsewhere.example/", 302);
  if (pathname === "/200") return new Response("x".repeat(300_000));
  if (pathname === "/ws") return new Response("no WebSocket here", { status: 426 });
  return new Response("not read", { status: Number(pathname.slice(1)) });
} }`;

describe("a worker that answers before it has read the request", function () {
  this.timeout(120_000);
  const undo = new AsyncDisposableStack();
  let test: TestEdge;
  let plain: Reference;

  before(async () => {
    const runner = await TestRunner.create();
    undo.defer(() => runner.close());
    const cell = await runner.worker(SOURCE);
    const folder = join(runner.home, "plain");
    await makeFolder(folder, { "worker/index.js": SOURCE, "assets/x": "" });
    plain = await startReference(join(runner.home, "reference"), folder, { main: "worker/index.js" });
    undo.defer(() => plain.stop());
    test = await startTestEdge();
    undo.defer(() => test.stop());
    test.routeTo("1", HOST, cell.socketPath);
    await eventually(
      async () => (await fetchEdge(test.edge, { host: HOST, path: "/404" })).body === "not read",
    );
  });
  after(() => undo.disposeAsync());

  /** As fetch of Node does it: the answer is read while the body is sent. */
  function upload(path: string, agent: Agent, headers: Record<string, string>): Promise<string> {
    return new Promise((resolve, reject) => {
      const call = request({
        host: "127.0.0.1",
        port: test.edge.port,
        method: "POST",
        path,
        agent,
        headers: { host: HOST, ...headers },
      });
      call.once("error", reject);
      call.once("response", (response) => {
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
        });
        response.once("error", reject);
        response.once("end", () => resolve(`${response.statusCode} ${length}`));
      });
      call.end(Buffer.alloc(3 * MEBI));
    });
  }

  const answers = {
    "/401": "401 8",
    "/404": "404 8",
    "/405": "405 8",
    "/302": "302 0",
    "/200": "200 300000",
  };
  const framings = {
    "a length": { "content-length": String(3 * MEBI) },
    chunks: { "transfer-encoding": "chunked" },
    "Expect: 100-continue": { "content-length": String(3 * MEBI), expect: "100-continue" },
  };
  for (const [name, headers] of Object.entries(framings)) {
    it(`is heard by everybody, whatever it says and however large the body is: ${name}`, async () => {
      const heard: string[] = [];
      await Promise.all(
        Array.from({ length: CLIENTS }, async () => {
          const agent = new Agent({ keepAlive: true, maxSockets: 1 });
          for (const path of Object.keys(answers)) heard.push(await upload(path, agent, { ...headers }));
          agent.destroy();
        }),
      );
      const expected = Object.values(answers).flatMap((answer) => Array<string>(CLIENTS).fill(answer));
      assert.deepEqual(heard.sort(), expected.sort());
      assert.deepEqual(test.troubles, []);
    });
  }

  it("is heard by who asks for its head alone, and by who asks for a WebSocket", async () => {
    const head = await fetchEdge(test.edge, { host: HOST, path: "/401", method: "HEAD" });
    assert.deepEqual([head.status, head.body], [401, ""]);
    const handshake = `GET /ws HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    assert.match(await talk(test.edge, handshake), /^HTTP\/1\.1 426 [\s\S]*no WebSocket here/);
  });

  const lengths = {
    "no length": "",
    "a length of 0": "Content-Length: 0\r\n",
    "a body": "Content-Length: 2\r\n",
  };
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]) {
    it(`sees of a body what workerd alone shows it: ${method}`, async () => {
      for (const [name, length] of Object.entries(lengths)) {
        const head = `${method} /show HTTP/1.1\r\nHost: ${HOST}\r\n${length}Connection: close\r\n\r\n`;
        const sent = `${head}${name === "a body" ? "hi" : ""}`;
        const [ours, theirs] = await Promise.all([test.edge, plain].map((to) => talk(to, sent)));
        const body = (text = "") => [text.split("\r\n")[0], text.slice(text.indexOf("\r\n\r\n"))];
        assert.deepEqual(body(ours), body(theirs), name);
      }
    });
  }
});
