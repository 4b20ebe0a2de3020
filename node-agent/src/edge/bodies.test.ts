import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { connect } from "node:net";
import {
  eventually,
  fetchEdge,
  startTestEdge,
  type TestEdge,
  talk,
  totals,
  type Upstream,
} from "./testing/testEdge.ts";

const HOST = "bodies.example";
const MEBI = 1024 * 1024;

describe("edge: bodies and counts", () => {
  let test: TestEdge;
  let tenant: Upstream;
  let aborted = 0;
  let stuck = 0;
  let received = 0;
  let startedMs = 0;

  before(async () => {
    startedMs = Date.now();
    test = await startTestEdge();
    tenant = await test.upstream((call, response) => {
      response.on("close", () => {
        if (!response.writableFinished) aborted += 1;
      });
      switch (call.url) {
        case "/echo":
          call.pipe(response);
          break;
        case "/count":
          call.on("data", (chunk: Buffer) => {
            received += chunk.length;
          });
          call.on("end", () => response.end("counted"));
          break;
        case "/early":
          response.writeHead(413).end("too large");
          break;
        case "/stuck":
          stuck += 1;
          break;
        case "/endless": {
          const more = () => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536)));
          };
          response.on("drain", more);
          more();
          break;
        }
        case "/events":
          response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
          break;
        case "/204":
          response.writeHead(204).end();
          break;
        case "/304":
          response.writeHead(304, { etag: '"x"' }).end();
          break;
        case "/500":
          response.writeHead(500, "Own Words").end("broken");
          break;
        case "/103":
          response.writeEarlyHints({ link: "</a.css>; rel=preload" });
          response.end("hinted");
          break;
        case "/expect":
          response.end(`expect ${call.headers.expect ?? "none"}`);
          break;
        default:
          response.setHeader("content-length", 100);
          response.end("x".repeat(100));
      }
    });
    test.routeTo("marker", "marker.example", tenant.path);
    test.routeTo("1", HOST, tenant.path);
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST, path: "/204" })).status === 204);
  });
  after(() => test.stop());

  /** What the agent was told of what happened in `during`. */
  /** Counts keep their order: when this request is in a report, so is all before it. */
  async function settle() {
    const before = totals(test.reports, "marker").requests;
    await fetchEdge(test.edge, { host: "marker.example", path: "/204" });
    await eventually(() => totals(test.reports, "marker").requests > before);
    return totals(test.reports, "1");
  }
  async function counted(during: () => Promise<unknown>) {
    const before = await settle();
    await during();
    const after = await settle();
    return {
      requests: after.requests - before.requests,
      egressBytes: after.egressBytes - before.egressBytes,
    };
  }

  it("a request counts once with its body's bytes, whatever the tenant's status; HEAD, 204 and 304 have none", async () => {
    const usage = await counted(async () => {
      assert.equal((await fetchEdge(test.edge, { host: HOST })).body.length, 100);
      const head = await fetchEdge(test.edge, { host: HOST, method: "HEAD" });
      assert.deepEqual([head.body, head.headers["content-length"]], ["", "100"]);
      assert.equal((await fetchEdge(test.edge, { host: HOST, path: "/204" })).status, 204);
      assert.equal((await fetchEdge(test.edge, { host: HOST, path: "/304" })).headers.etag, '"x"');
      assert.equal((await fetchEdge(test.edge, { host: HOST, path: "/500" })).body, "broken");
    });
    assert.deepEqual(usage, { requests: 5, egressBytes: 106 });
  });

  it("the platform's own answers never count", async () => {
    test.route("1x", "refused.example", { kind: "refused", status: 451, code: "DENIED", message: "no" });
    const usage = await counted(async () => {
      await fetchEdge(test.edge, { host: "unknown.example" });
      await fetchEdge(test.edge, { host: "refused.example" });
      await fetchEdge(test.edge, { host: "127.0.0.1" });
    });
    assert.deepEqual(usage, { requests: 0, egressBytes: 0 });
    assert.deepEqual(totals(test.reports, "1x"), { requests: 0, egressBytes: 0 });
  });

  for (const framing of ["content-length", "chunked"]) {
    it(`a large body arrives whole in both directions: ${framing}`, async () => {
      const body = randomBytes(8 * MEBI);
      const headers: Record<string, string> =
        framing === "chunked"
          ? { "transfer-encoding": "chunked" }
          : { "content-length": String(body.length) };
      const hash = createHash("sha256");
      let bytes = 0;
      const before = await settle();
      const usage = await counted(
        () =>
          new Promise((resolve, reject) => {
            const options = { host: "127.0.0.1", port: test.edge.port, path: "/echo", method: "POST" };
            const call = request({ ...options, headers: { host: HOST, ...headers } }, (response) => {
              response.on("data", (chunk: Buffer) => {
                hash.update(chunk);
                bytes += chunk.length;
              });
              response.on("error", reject);
              response.on("end", resolve);
            });
            call.on("error", reject);
            call.end(body);
          }),
      );
      assert.equal(hash.digest("hex"), createHash("sha256").update(body).digest("hex"));
      assert.equal(usage.requests, 1);
      // What the visitor's machine has not acknowledged yet is charged when it has.
      await eventually(() => totals(test.reports, "1").egressBytes === before.egressBytes + bytes);
    });
  }

  it("a response to an upload that is not read yet arrives, and the connection goes on", async () => {
    const head = `POST /early HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 300000\r\n\r\n`;
    const next = `GET /204 HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`;
    const text = await talk(test.edge, `${head}${"x".repeat(300_000)}${next}`);
    assert.match(text, /^HTTP\/1\.1 413 /);
    assert.match(text, /too large/);
    assert.match(text, /HTTP\/1\.1 204 /);
  });

  it("a visitor who leaves ends the request at the tenant, before and in the middle of a response", async () => {
    for (const path of ["/stuck", "/endless"]) {
      const before = aborted;
      const socket = connect(test.edge.port, "127.0.0.1");
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
      if (path === "/endless") await new Promise((resolve) => socket.once("data", resolve));
      else await eventually(() => stuck === 1);
      // Who is sent nothing shows by a reset at once, and else only after a while.
      if (path === "/stuck") socket.resetAndDestroy();
      else socket.destroy();
      await eventually(() => aborted > before);
    }
    await eventually(() => test.edge.load(tenant.path).inFlight === 0);
  });

  it("a visitor who does not read holds the tenant back", async () => {
    const usage = await counted(async () => {
      const start = (await settle()).egressBytes;
      const socket = connect(test.edge.port, "127.0.0.1");
      socket.pause();
      socket.write(`GET /endless HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
      let last = 0;
      // Once nothing came between two reports, everything on the way is full.
      await eventually(async () => {
        const now = (await settle()).egressBytes;
        const isFull = now > start && now === last;
        last = now;
        return isFull;
      });
      socket.destroy();
    });
    assert.ok(usage.egressBytes < 32 * MEBI, `${usage.egressBytes} bytes were taken from the tenant`);
  });

  it("a tenant that does not read holds the visitor back, and gets all in the end", async () => {
    received = 0;
    const answer = await fetchEdge(test.edge, {
      host: HOST,
      path: "/count",
      method: "POST",
      body: randomBytes(3 * MEBI),
    });
    assert.deepEqual([answer.body, received], ["counted", 3 * MEBI]);
  });

  it("a head without a body goes out at once", async () => {
    const head = `GET /events HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
    const text = await talk(test.edge, head, (answer) => answer.includes("\r\n\r\n"));
    assert.match(text, /text\/event-stream/);
  });

  it("a visitor who expects 100 is told to go on, once, and the tenant does not hear of it", async () => {
    const head = `POST /expect HTTP/1.1\r\nHost: ${HOST}\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n`;
    const text = await new Promise<string>((resolve) => {
      const socket = connect(test.edge.port, "127.0.0.1");
      let all = "";
      socket.on("data", (chunk) => {
        all += chunk;
        if (all === "HTTP/1.1 100 Continue\r\n\r\n") socket.write("hi");
      });
      socket.once("close", () => resolve(all));
      socket.write(head);
    });
    assert.match(text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 [\s\S]*expect none/);
  });

  it("interim responses other than 100 are left out", async () => {
    const text = await talk(test.edge, `GET /103 HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 200 [\s\S]*hinted/);
  });

  it("HTTP/1.0 and pipelining get whole answers in their order", async () => {
    const old = await talk(test.edge, `GET /500 HTTP/1.0\r\nHost: ${HOST}\r\n\r\n`);
    assert.match(old, /^HTTP\/1\.1 500 Own Words\r\n[\s\S]*broken$/);
    const paths = ["/500", "/103", "/x", "/204"];
    const pipelined = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`).join("");
    const text = await talk(test.edge, pipelined, (answer) => answer.includes("HTTP/1.1 204"));
    assert.deepEqual(
      text.match(/HTTP\/1\.1 \d+/g),
      [500, 200, 200, 204].map((status) => `HTTP/1.1 ${status}`),
    );
  });

  it("rows carry this epoch and this minute, sequences have no gaps", () => {
    const rows = test.reports.flatMap((report) => report.counts);
    for (const row of rows) {
      assert.equal(row.minuteMs % 60_000, 0);
      assert.ok(row.minuteMs > startedMs - 60_000 && row.minuteMs <= Date.now());
      assert.equal(row.epoch, Math.floor(row.minuteMs / 3_600_000));
    }
    const sequences = test.reports.map((report) => report.sequence);
    assert.deepEqual(
      sequences,
      sequences.map((_, index) => index + 1),
    );
  });
});
