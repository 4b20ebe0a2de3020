import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import {
  eventually,
  fetchEdge,
  startTestEdge,
  type TestEdge,
  talk,
  totals,
  type Upstream,
} from "./testing/testEdge.ts";

const HOST = "up.example";

describe("edge: upstreams that fail", () => {
  let test: TestEdge;
  let pids: readonly number[];

  before(async () => {
    test = await startTestEdge();
    pids = test.edge.pids;
  });
  after(() => test.stop());

  /** Routes HOST to an upstream whose connections say `answer` when a request's head is there. */
  async function saying(answer: (socket: Socket, head: string) => void): Promise<Upstream> {
    const upstream = await test.rawUpstream((socket) => {
      socket.on("data", (chunk) => answer(socket, chunk.toString()));
    });
    test.routeTo("1", HOST, upstream.path);
    return upstream;
  }

  it("nothing listens: the agent is asked for another cell, and requests wait for it, whatever their method", async () => {
    test.routeTo("1", HOST, `${test.directory}/gone.sock`);
    await eventually(async () => {
      const waiting = ["GET", "POST"].map((method) => fetchEdge(test.edge, { host: HOST, method }));
      for (const one of waiting) one.catch(() => {});
      await eventually(() => test.wakes.includes("1"));
      const next = await test.upstream((_, response) => response.end("next"));
      test.routeTo("1", HOST, next.path);
      return (await Promise.all(waiting)).every(({ body }) => body === "next");
    });
  });

  it("nothing listens and nothing comes: 502, and the agent hears of it", async () => {
    test.routeTo("1", HOST, `${test.directory}/nothing.sock`);
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).status === 502);
    const { headers } = await fetchEdge(test.edge, { host: HOST, method: "POST", body: "x" });
    assert.equal(headers["worker3-error"], "UPSTREAM_FAILED");
    await eventually(() => test.troubles.some((trouble) => /nothing\.sock .*ENOENT/.test(trouble)));
  });

  it("a GET is repeated once where the first attempt broke off, a POST is not", async () => {
    const heads: string[] = [];
    await saying((socket, head) => {
      heads.push(head.slice(0, 4));
      if (heads.length === 1) socket.destroy();
      else socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).body === "ok");
    assert.deepEqual(heads, ["GET ", "GET "]);
    heads.length = 0;
    const post = await fetchEdge(test.edge, { host: HOST, method: "POST", body: "x" });
    assert.equal(post.status, 502);
    assert.deepEqual(heads, ["POST"]);
  });

  it("the second attempt goes where the route leads by then", async () => {
    const good = await test.upstream((_, response) => response.end("moved"));
    const bad = await saying((socket, head) => {
      if (!head.startsWith("GET /slow")) return void socket.end("HTTP/1.1 204 No\r\n\r\n");
      test.routeTo("1", HOST, good.path, 2);
      // The new route is in the process as soon as it serves somebody else.
      void eventually(async () => (await fetchEdge(test.edge, { host: HOST })).body === "moved").then(() =>
        socket.destroy(),
      );
    });
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).status === 204);
    const answer = await fetchEdge(test.edge, { host: HOST, path: "/slow" });
    assert.deepEqual([answer.body, answer.headers["worker3-version"]], ["moved", "2"]);
    await bad.kill();
  });

  for (const framing of ["Content-Length: 1000", "Transfer-Encoding: chunked"]) {
    it(`an upstream that dies in the middle never looks like the end: ${framing}`, async () => {
      const part = framing.startsWith("T") ? "5\r\nhello\r\n" : "hello";
      await saying((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n${part}`, () =>
          setImmediate(() => socket.destroy()),
        );
      });
      await assert.rejects(async () => {
        await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).status === 0);
      }, /aborted|ECONNRESET|socket hang up/);
    });
  }

  it("to HTTP/1.0, whose end of a body is the end of the connection, it is a reset", async () => {
    await saying((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", () =>
        setImmediate(() => socket.destroy()),
      );
    });
    const failure = await new Promise<string>((resolve) => {
      const socket = connect(test.edge.port, "127.0.0.1");
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
      socket.on("end", () => resolve("clean end"));
      socket.resume();
      socket.write(`GET / HTTP/1.0\r\nHost: ${HOST}\r\n\r\n`);
    });
    assert.equal(failure, "ECONNRESET");
  });

  const garbage = {
    "not HTTP": "SSH-2.0-OpenSSH_9\r\n",
    "a NUL in a header": "HTTP/1.1 200 OK\r\nx-a: b\0c\r\nContent-Length: 0\r\n\r\n",
    "a bare CR in a header": "HTTP/1.1 200 OK\r\nx-a: b\rc: d\r\nContent-Length: 0\r\n\r\n",
    "a space in a header's name": "HTTP/1.1 200 OK\r\nx a: b\r\nContent-Length: 0\r\n\r\n",
    "two lengths": "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "an unasked 101": "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "an unasked 100 alone": "HTTP/1.1 100 Continue\r\n\r\n",
    "status 000": "HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n",
    "an endless head": `HTTP/1.1 200 OK\r\nx: ${"y".repeat(200_000)}\r\n\r\n`,
  };
  for (const [name, answer] of Object.entries(garbage)) {
    it(`garbage from a tenant is 502: ${name}`, async () => {
      const upstream = await test.rawUpstream((socket) => socket.on("data", () => socket.end(answer)));
      test.routeTo("g", "garbage.example", upstream.path);
      await eventually(async () => (await fetchEdge(test.edge, { host: "garbage.example" })).status !== 404);
      const { status, headers } = await fetchEdge(test.edge, { host: "garbage.example" });
      assert.deepEqual([status, headers["worker3-error"]], [502, "UPSTREAM_FAILED"]);
      test.edge.removeRoutes(["g"]);
      await eventually(async () => (await fetchEdge(test.edge, { host: "garbage.example" })).status === 404);
    });
  }

  const odd = {
    "a reason that is no ASCII": ["HTTP/1.1 200 \xe9\x01t\xe9\r\nContent-Length: 2\r\n\r\nok", 200],
    "no reason": ["HTTP/1.1 299\r\nContent-Length: 2\r\n\r\nok", 299],
    "status 999": ["HTTP/1.1 999 Max\r\nContent-Length: 2\r\n\r\nok", 999],
    "Latin-1 in a header": ["HTTP/1.1 200 OK\r\nx-name: caf\xe9\r\nContent-Length: 2\r\n\r\nok", 200],
    "103 before 200": [
      "HTTP/1.1 103 Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      200,
    ],
    "an end without length": ["HTTP/1.1 200 OK\r\n\r\nok", 200],
    "a second response behind the first": [
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
      200,
    ],
  } as const;
  for (const [name, [answer, status]] of Object.entries(odd)) {
    it(`what is odd but clear passes, or is refused, and the next request is not touched: ${name}`, async () => {
      const upstream = await test.rawUpstream((socket) => {
        socket.on("data", () => socket.end(Buffer.from(answer, "latin1")));
      });
      test.routeTo("o", "odd.example", upstream.path);
      await eventually(async () => (await fetchEdge(test.edge, { host: "odd.example" })).status !== 404);
      for (let call = 0; call < 3; call++) {
        const got = await fetchEdge(test.edge, { host: "odd.example" });
        if (got.status !== 502) assert.deepEqual([got.status, got.body], [status, "ok"]);
      }
      test.edge.removeRoutes(["o"]);
      await eventually(async () => (await fetchEdge(test.edge, { host: "odd.example" })).status === 404);
    });
  }

  it("a body behind 204 or 304, or behind an answer to HEAD, reaches no other visitor", async () => {
    const answers: Record<string, string> = {
      "/204": "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil",
      "/304": "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil",
      "/head": "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
      "/ok": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    };
    await saying((socket, head) => socket.write(answers[head.split(" ")[1] ?? ""] ?? ""));
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST, path: "/ok" })).body === "ok");
    for (const path of ["/204", "/304", "/head"]) {
      const method = path === "/head" ? "HEAD" : "GET";
      assert.equal((await fetchEdge(test.edge, { host: HOST, path, method })).body, "");
      assert.equal((await fetchEdge(test.edge, { host: HOST, path: "/ok" })).body, "ok");
    }
  });

  it("the edge is the same process as at the start, and serves", async () => {
    const text = await talk(test.edge, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert.match(text, /UNKNOWN_HOST/);
    assert.deepEqual(test.edge.pids, pids);
  });

  it("a 502 never counts", async () => {
    await test.edge.close({ graceMs: 0 });
    assert.deepEqual(totals(test.reports, "g"), { requests: 0, egressBytes: 0 });
    assert.ok(totals(test.reports, "o").requests > 0);
  });
});
