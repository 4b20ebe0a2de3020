import assert from "node:assert/strict";
import { connect } from "node:net";
import { LIMITS } from "./embedded/process/limits.ts";
import {
  eventually,
  fetchEdge,
  startTestEdge,
  type TestEdge,
  talk,
  totals,
  type Upstream,
} from "./testing/testEdge.ts";

const HOST = "attacked.example";

describe("edge: hostile visitors", () => {
  let test: TestEdge;
  let tenant: Upstream;
  let seen: string[] = [];
  let pid: number | undefined;

  before(async () => {
    test = await startTestEdge();
    [pid] = test.edge.pids;
    tenant = await test.upstream((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      request.resume();
      request.on("end", () => response.end("tenant"));
    });
    test.routeTo("1", HOST, tenant.path);
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).status === 200);
  });
  beforeEach(() => {
    seen = [];
  });
  afterEach(async () => {
    assert.deepEqual(test.edge.pids, [pid], "the process died");
    assert.equal((await fetchEdge(test.edge, { host: HOST })).body, "tenant");
  });
  after(() => test.stop());

  const line = `POST / HTTP/1.1\r\nHost: ${HOST}\r\n`;
  const refusedProject = (index: number): string => String(100 + index);
  const refused: Record<string, [bytes: string, status: number]> = {
    "not HTTP": ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
    "lengths that differ": [`${line}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`, 400],
    "length and chunked": [`${line}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    "chunked hidden by a space": [`${line}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, 400],
    "chunked not last": [`${line}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
    "a folded header": [`${line}x: a\r\n b\r\n\r\n`, 400],
    "a NUL in a value": [`${line}x: a\0b\r\n\r\n`, 400],
    "a bare CR in a value": [`${line}x: a\rTransfer-Encoding: chunked\r\n\r\n`, 400],
    "a length with a sign": [`${line}Content-Length: +5\r\n\r\nhello`, 400],
    "a length beyond numbers": [`${line}Content-Length: 99999999999999999999\r\n\r\n`, 400],
    "a space in the path": [`GET /a b HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, 400],
    "HTTP/2 in the clear": ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    "a head too large": [`${line}x: ${"a".repeat(40_000)}\r\n\r\n`, 431],
    "a path too long": [`GET /${"a".repeat(40_000)} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, 431],
    "too many headers": [`GET / HTTP/1.1\r\nHost: ${HOST}\r\n${"x: y\r\n".repeat(500)}\r\n`, 431],
    "an expectation of another kind": [`${line}Expect: miracles\r\nContent-Length: 0\r\n\r\n`, 417],
  };
  for (const [index, [name, [bytes, status]]] of Object.entries(refused).entries()) {
    it(`is refused with ${status} and reaches no tenant: ${name}`, async () => {
      // Of a project of its own, so that the counts of other requests, which come later, are not taken for its own.
      const host = `attacked${index}.example`;
      test.routeTo(refusedProject(index), host, tenant.path);
      const sent = Buffer.from(bytes.replaceAll(HOST, host), "latin1");
      const text = await talk(test.edge, sent, (all) => all.includes("\r\n\r\n"));
      assert.ok(text.startsWith(`HTTP/1.1 ${status} `), text.slice(0, 200));
      assert.match(text, /worker3-error: [A-Z_]+\r\n/i);
      assert.match(text, /worker3-node: 7\r\n/i);
      assert.deepEqual(seen, []);
    });
  }

  it("what is refused counts as one request at most", async () => {
    test.routeTo("2", "quiet.example", tenant.path);
    await eventually(async () => (await fetchEdge(test.edge, { host: "quiet.example" })).status === 200);
    // Counts come in order: with this one, those of all that ended before it are there.
    await eventually(() => totals(test.reports, "2").requests > 0);
    const counts = Object.keys(refused).map(
      (_, index) => totals(test.reports, refusedProject(index)).requests,
    );
    assert.ok(
      counts.every((count) => count <= 1),
      `counted: ${counts}`,
    );
  });

  it("a chunked body that goes wrong ends the request, and what follows is no request", async () => {
    const text = await talk(
      test.edge,
      `${line}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nXX\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
    );
    assert.ok(!text.includes("200 OK"));
    assert.ok(!seen.includes("GET /smuggled"));
  });

  it("a body that stops short is not a request that was served", async () => {
    const socket = connect(test.edge.port, "127.0.0.1");
    socket.write(`${line}Content-Length: 100\r\n\r\nhalf`);
    await eventually(() => seen.length === 1);
    socket.destroy();
    await eventually(async () => {
      await fetchEdge(test.edge, { host: HOST });
      return test.edge.load(tenant.path).inFlight === 0;
    });
  });

  it("CONNECT opens no way through", async () => {
    const text = await talk(test.edge, `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    assert.equal(text, "");
    assert.deepEqual(seen, []);
  });

  it("a slow head is answered with 408 and cut, also on a connection that served before", async () => {
    const good = `GET /first HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
    const cut = await Promise.all(
      ["G", `GET / HTTP/1.1\r\nHost: ${HOST}\r\nx: `, `${good}GET /second HTTP/1.1\r\n`].map((bytes) =>
        talk(test.edge, bytes),
      ),
    );
    for (const text of cut) assert.match(text, /HTTP\/1\.1 408 /);
    assert.deepEqual(seen, ["GET /first"]);
  });

  it("a byte a second does not keep a head open", async () => {
    const socket = connect(test.edge.port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", () => {});
    socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nx: `);
    const drip = setInterval(() => socket.write("y"), 500);
    await eventually(() => socket.closed);
    clearInterval(drip);
    assert.match(text, /^HTTP\/1\.1 408 /);
  });

  it("of thousands of pipelined requests those that may wait are answered, and then the connection ends", async () => {
    const text = await talk(test.edge, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`.repeat(3_000));
    const answers = text.match(/HTTP\/1\.1 200 /g)?.length ?? 0;
    assert.ok(answers > LIMITS.waitingPerConnection && answers <= 3_000, `${answers} answers`);
    assert.ok(text.endsWith("tenant"), text.slice(-100));
    assert.equal(seen.length, answers);
  });

  it("many who hang up in the middle of everything leave nothing behind", async () => {
    const parts = [
      "GE",
      `GET / HTTP/1.1\r\nHost: ${HOST}\r\n`,
      `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
      `${line}Content-Length: 1000000\r\n\r\nx`,
      `${line}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`,
      `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    ];
    await Promise.all(
      Array.from({ length: 600 }, (_, index) => {
        return new Promise<void>((resolve) => {
          const socket = connect(test.edge.port, "127.0.0.1");
          socket.on("error", () => {});
          socket.once("close", () => resolve());
          socket.write(parts[index % parts.length] ?? "", () => {
            if (index % 2 === 0) socket.resetAndDestroy();
            else setImmediate(() => socket.destroy());
          });
        });
      }),
    );
    await eventually(async () => {
      await fetchEdge(test.edge, { host: HOST });
      return test.edge.load(tenant.path).inFlight === 0;
    });
  });

  it("random bytes behind a valid start change nothing for others", async () => {
    let state = 42;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      return state;
    };
    for (let round = 0; round < 100; round++) {
      const noise = Buffer.from(Array.from({ length: random() % 200 }, () => random() % 256));
      const start = Buffer.from(line.slice(0, random() % (line.length + 1)));
      await talk(test.edge, Buffer.concat([start, noise, Buffer.from("\r\n\r\n\r\n\r\n")]), (all) =>
        all.includes("\r\n\r\n"),
      );
    }
  });
});
