import assert from "node:assert/strict";
import { request as ask, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { eventually, fetchEdge, startTestEdge, type TestEdge, talk } from "./testing/testEdge.ts";

const HOST = "requests.example";

describe("edge: what of a request goes on", () => {
  let test: TestEdge;
  let seen: IncomingMessage[] = [];

  before(async () => {
    test = await startTestEdge();
    const tenant = await test.upstream((request, response) => {
      seen.push(request);
      if (request.url === "/again") passOn(request, (status) => response.end(`then ${status}`));
      else response.end(`tenant ${request.url}`);
    });
    test.routeTo("1", HOST, tenant.path);
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).status === 200);
  });
  beforeEach(() => {
    seen = [];
  });
  after(() => test.stop());

  /** As a worker does by `fetch(request)`: all headers of the request go with it. */
  function passOn(request: IncomingMessage, settle: (outcome: string) => void): void {
    const { url, headers } = request;
    ask({ host: "127.0.0.1", port: test.edge.port, path: url, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => settle(response.statusCode === 200 ? body : String(response.statusCode)));
    }).end();
  }

  /** What comes of a head; lines without their ends. */
  const send = (...lines: string[]) =>
    talk(
      test.edge,
      Buffer.from(`${[...lines, `Host: ${HOST}`, "Connection: close"].join("\r\n")}\r\n\r\n`, "latin1"),
    );

  it("lines of cookies are one, as a browser writes it", async () => {
    await send("GET / HTTP/1.1", "Cookie: a=1", "x: y", "cookie: b=2; c=3", "COOKIE: d=4");
    assert.equal(seen[0]?.headers.cookie, "a=1; b=2; c=3; d=4");
    assert.equal(seen[0]?.rawHeaders.filter((name) => /^cookie$/i.test(name)).length, 1);
  });

  it("nothing by which a visitor would say who or where it is", async () => {
    const forged = [
      ...["CF-Connecting-IP", "CF-Connecting-IPv6", "CF-Pseudo-IPv4", "CF-IPCountry", "CF-Ray", "CF-Visitor"],
      ...["CF-Worker", "CF-EW-Via", "Cf-Access-Authenticated-User-Email", "cf-anything", "True-Client-IP"],
      ...["X-Client-IP", "X-Cluster-Client-IP", "Fastly-Client-IP", "X-Real-IP", "Forwarded"],
      ...[
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Server",
        "X-Forwarded-Ssl",
      ],
    ];
    await send("GET / HTTP/1.1", ...forged.map((name) => `${name}: 6.6.6.6`), "X-Own: kept", "CFG: kept");
    const headers = { ...seen[0]?.headers };
    const own = { host: HOST, connection: "keep-alive", "x-own": "kept", cfg: "kept" };
    assert.deepEqual(headers, {
      ...own,
      "cf-connecting-ip": "127.0.0.1",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "cdn-loop": "worker3; node=7",
    });
  });

  it("who passed it on before, and that this node did, though the visitor lists that as its connection's", async () => {
    await send("GET / HTTP/1.1", "CDN-Loop: cloudflare; subreqs=1", "cdn-loop: worker3; node=3");
    assert.equal(seen[0]?.headers["cdn-loop"], "cloudflare; subreqs=1, worker3; node=3, worker3; node=7");
    const head = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close, cdn-loop\r\nCDN-Loop: worker3\r\n\r\n`;
    await talk(test.edge, head);
    assert.equal(seen[1]?.headers["cdn-loop"], "worker3, worker3; node=7");
  });

  it("nothing once it went in a circle often enough: a worker that fetches itself ends", async () => {
    const { status, body } = await fetchEdge(test.edge, { host: HOST, path: "/again" });
    assert.equal(status, 200);
    assert.equal(body, `${"then ".repeat(17)}508`);
    assert.equal(seen.length, 17);
    const { headers } = await fetchEdge(test.edge, {
      host: HOST,
      headers: { "cdn-loop": Array(17).fill("worker3; node=7").join(", ") },
    });
    assert.equal(headers["worker3-error"], "LOOP_DETECTED");
  });

  it("a target in raw UTF-8 as a URL has it, also the second of a connection", async () => {
    const utf8 = Buffer.from("/ü?x=€").toString("latin1");
    assert.match(await send(`GET ${utf8} HTTP/1.1`), /\r\n\r\ntenant \/%C3%BC\?x=%E2%82%AC$/);
    const text = await new Promise<string>((resolve) => {
      const socket = connect(test.edge.port, "127.0.0.1");
      const send = (target: string, end = "") =>
        socket.write(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: ${HOST}\r\n${end}\r\n`, "latin1"));
      let all = "";
      socket.on("data", (chunk: Buffer) => {
        if (all === "") send(utf8, "Connection: close\r\n");
        all += chunk;
      });
      socket.once("close", () => resolve(all));
      send("/1");
    });
    assert.match(text, /tenant \/1[\s\S]*tenant \/%C3%BC\?x=%E2%82%AC$/);
  });

  const refused: Record<string, [head: string[], status: number, code: string]> = {
    TRACE: [["TRACE / HTTP/1.1"], 405, "METHOD_NOT_ALLOWED"],
    "a transfer coding that nobody knows": [
      ["POST / HTTP/1.1", "Transfer-Encoding: xyz"],
      501,
      "TRANSFER_CODING_UNKNOWN",
    ],
    "a body in gzip": [
      ["POST / HTTP/1.1", "Transfer-Encoding: gzip, chunked"],
      501,
      "TRANSFER_CODING_UNKNOWN",
    ],
    "a body in gzip, on two lines": [
      ["POST / HTTP/1.1", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked"],
      501,
      "TRANSFER_CODING_UNKNOWN",
    ],
    "a target that is no UTF-8": [["GET /\xfc HTTP/1.1"], 400, "BAD_REQUEST"],
  };
  for (const [name, [head, status, code]] of Object.entries(refused)) {
    it(`nothing where it is refused with ${status}: ${name}`, async () => {
      const text = await send(...head);
      assert.ok(text.startsWith(`HTTP/1.1 ${status} `), text.slice(0, 200));
      assert.match(text, new RegExp(`worker3-error: ${code}\r\n`));
      if (status === 405) assert.match(text, /\r\nallow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n/);
      assert.deepEqual(seen, []);
    });
  }

  for (const port of ["0", "65536", "99999", "123456", "-1", "x"]) {
    it(`nothing where the port of its Host is none: ${port}`, async () => {
      const head = `GET / HTTP/1.1\r\nHost: ${HOST}:${port}\r\nConnection: close\r\n\r\n`;
      assert.match(await talk(test.edge, head), /^HTTP\/1\.1 400 [\s\S]*worker3-error: INVALID_HOST/);
      assert.deepEqual(seen, []);
    });
  }

  it("its answer says how long the connection is kept: longer than load balancers keep theirs", async () => {
    const text = await talk(test.edge, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, (all) =>
      all.includes("tenant"),
    );
    const [, seconds] = /\r\nkeep-alive: timeout=(\d+)/i.exec(text) ?? [];
    assert.ok(Number(seconds) > 75, text);
  });

  it("a browser is told what was refused by a page, a program by JSON or text", async () => {
    const told = async (accept: string) =>
      (await fetchEdge(test.edge, { host: "nobody.example", headers: { accept } })).headers["content-type"];
    assert.deepEqual(await Promise.all(["text/html,*/*;q=0.8", "application/json", "*/*"].map(told)), [
      "text/html; charset=utf-8",
      "application/json",
      "text/plain; charset=utf-8",
    ]);
    const headers = { accept: "text/html" };
    const page = await fetchEdge(test.edge, { host: "nobody.example", headers });
    assert.deepEqual([page.status, page.headers["worker3-error"]], [404, "UNKNOWN_HOST"]);
    assert.match(page.body, /^<!doctype html>[\s\S]*<h1>404 Not Found<\/h1>[\s\S]*UNKNOWN_HOST/);
    assert.ok(page.body.includes(String(page.headers["worker3-error-id"])));
  });
});
