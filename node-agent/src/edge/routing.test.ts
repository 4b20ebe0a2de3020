import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { Agent, createServer } from "node:http";
import { join } from "node:path";
import {
  eventually,
  fetchEdge,
  startTestEdge,
  startUpstream,
  type TestEdge,
  talk,
  type Upstream,
} from "./testing/testEdge.ts";

describe("edge: whom a request reaches", () => {
  let test: TestEdge;
  let api: Upstream;
  let seen: IncomingMessage[] = [];

  before(async () => {
    test = await startTestEdge();
    api = await startUpstream(
      createServer((request, response) => {
        response.setHeader("worker3-error", "FROM_API");
        response.end(`api ${request.url} ${request.headers["worker3-intent"] ?? ""}`);
      }),
      join(test.directory, "api.sock"),
    );
    const tenant = await test.upstream((request, response) => {
      seen.push(request);
      response.setHeader("worker3-node", "999");
      response.setHeader("Worker3-Version", "999");
      response.setHeader("worker3-error", "FORGED");
      response.setHeader("x-one-hop", "1");
      response.setHeader("connection", "keep-alive, x-one-hop");
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      response.end(`tenant ${request.method} ${request.url} ${request.headers.host}`);
    });
    test.routeTo("1", "blog.worker3.localhost", tenant.path, 3);
    await eventually(
      async () => (await fetchEdge(test.edge, { host: "blog.worker3.localhost" })).status === 200,
    );
  });
  beforeEach(() => {
    seen = [];
  });
  after(async () => {
    await api.kill();
    await test.stop();
  });

  for (const host of [
    "blog.worker3.localhost",
    "BLOG.Worker3.localhost:8080",
    "blog.worker3.localhost.:80",
  ]) {
    it(`a project is found by its name however it is written: ${host}`, async () => {
      const { status, body, headers } = await fetchEdge(test.edge, { host, path: "/a?b=c" });
      assert.deepEqual([status, body], [200, `tenant GET /a?b=c ${host}`]);
      assert.equal(headers["worker3-node"], "7");
      assert.equal(headers["worker3-version"], "3");
    });
  }

  it("a tenant cannot set what the platform says, and its connection's headers stay with it", async () => {
    const { headers } = await fetchEdge(test.edge, { host: "blog.worker3.localhost" });
    assert.equal(headers["worker3-error"], undefined);
    assert.equal(headers["x-one-hop"], undefined);
    assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
  });

  it("a visitor cannot say who it is, nor speak for the platform", async () => {
    await fetchEdge(test.edge, {
      host: "blog.worker3.localhost",
      headers: {
        "x-forwarded-for": "6.6.6.6",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "evil",
        "x-real-ip": "6.6.6.6",
        "cf-connecting-ip": "6.6.6.6",
        "worker3-intent": "forged",
        te: "trailers",
        "x-listed": "1",
        connection: "x-listed, host, cf-connecting-ip",
        cookie: "kept=1",
      },
    });
    const [request] = seen;
    assert.equal(request?.headers["cf-connecting-ip"], "127.0.0.1");
    assert.equal(request?.headers["x-forwarded-for"], "127.0.0.1");
    assert.equal(request?.headers["x-forwarded-proto"], "http");
    for (const name of ["x-forwarded-host", "x-real-ip", "worker3-intent", "te", "x-listed"]) {
      assert.equal(request?.headers[name], undefined, name);
    }
    assert.equal(request?.headers.host, "blog.worker3.localhost");
    assert.equal(request?.headers.cookie, "kept=1");
  });

  for (const host of [
    "n7.nodes.worker3.localhost",
    "N7.nodes.worker3.localhost:1",
    "127.0.0.1:8",
    "[::1]",
    "localhost:9",
  ]) {
    it(`the node's own names and addresses reach the agent: ${host}`, async () => {
      const options = { host, path: "/x", headers: { "worker3-intent": "i" } };
      const { body, headers } = await fetchEdge(test.edge, options);
      assert.equal(body, "api /x i");
      assert.equal(headers["worker3-version"], undefined);
      assert.equal(headers["worker3-node"], "7");
      assert.equal(headers["worker3-error"], "FROM_API");
    });
  }

  it("a name that the node is given later reaches the agent from then on, and a tenant no more", async () => {
    const ask = async (host: string) => (await fetchEdge(test.edge, { host })).body;
    const own = "n7.nodes.worker3.localhost";
    test.edge.setOwnHosts([own, "node.example.org", "blog.worker3.localhost"]);
    await eventually(async () => (await ask("node.example.org:8443")) === "api / ");
    assert.equal(await ask("blog.worker3.localhost"), "api / ");
    test.edge.setOwnHosts([own]);
    await eventually(async () => (await ask("blog.worker3.localhost")).startsWith("tenant"));
    assert.match(await ask("node.example.org"), /UNKNOWN_HOST/);
  });

  it("below /.worker3 every tenant's visitors get 404, whatever answers there", async () => {
    const host = "blog.worker3.localhost";
    for (const path of ["/.worker3", "/.worker3/manifest.json?x", "/%2eWorker3%2fx", "/a/..%2f.worker3/x"]) {
      const { status, headers } = await fetchEdge(test.edge, { host, path });
      assert.deepEqual([status, headers["worker3-error"]], [404, "NOT_FOUND"], path);
    }
    assert.match((await fetchEdge(test.edge, { host, path: "/docs/.worker3/x" })).body, /^tenant /);
    const own = await fetchEdge(test.edge, { host: "n7.nodes.worker3.localhost", path: "/.worker3/x" });
    assert.match(own.body, /^api /);
  });

  it("of a tenant's paths only a certificate's challenge is the node's", async () => {
    const host = "blog.worker3.localhost";
    const ask = (path: string) => fetchEdge(test.edge, { host, path });
    assert.equal(
      (await ask("/.well-known/acme-challenge/tok_-en")).body,
      "api /.well-known/acme-challenge/tok_-en ",
    );
    assert.match((await ask("/.well-known/worker3/node")).body, /^tenant /);
    // This leads to a path of the tenant's, and those that lead nowhere else are no challenges.
    assert.match((await ask("/.well-known/acme-challenge/../worker3/node")).body, /^tenant /);
    const traversal = await ask("/.well-known/acme-challenge/..%2fworker3%2fnode");
    assert.deepEqual([traversal.status, traversal.headers["worker3-error"]], [404, "NOT_FOUND"]);
  });

  it("a path that leads elsewhere reaches the tenant as the path that it leads to", async () => {
    const seenAt = async (path: string) => {
      const answer = await talk(
        test.edge,
        `GET ${path} HTTP/1.1\r\nHost: blog.worker3.localhost\r\nConnection: close\r\n\r\n`,
      );
      return /tenant GET (\S+) /.exec(answer)?.[1];
    };
    for (const path of [
      "/z/../admin/x?y=/../a",
      "/./admin/x?y=/../a",
      "/z/%2e%2e/admin/x?y=/../a",
      "/z\\..\\admin/x?y=/../a",
      "/admin\\x?y=/../a",
    ])
      assert.equal(await seenAt(path), "/admin/x?y=/../a", path);
    for (const path of ["/..a/b", "/a..b/.c", "//a//b", "/%2e%2ex", "/%2F..%2Fx", "/a?b=../c\\d"])
      assert.equal(await seenAt(path), path);
    assert.equal(await seenAt("/../../etc"), "/etc");
  });

  it("a name that leads nowhere is 404 with a code and an id", async () => {
    const { status, headers, body } = await fetchEdge(test.edge, { host: "nobody.example" });
    assert.deepEqual([status, headers["worker3-error"], headers["worker3-node"]], [404, "UNKNOWN_HOST", "7"]);
    assert.match(String(headers["worker3-error-id"]), /^[0-9a-f]{16}$/);
    assert.ok(body.includes(String(headers["worker3-error-id"])));
    assert.match(String(headers["content-type"]), /^text\/plain/);
  });

  it("a name that leads nowhere is not 404 while the node still reads the chain", async () => {
    const reading = { status: 503, code: "SYNCING", message: "block 5 of 9", retryAfterSeconds: 2 };
    const ask = () => fetchEdge(test.edge, { host: "nobody.worker3.localhost" });
    test.edge.setUnknownHosts(reading);
    await eventually(async () => (await ask()).status === 503);
    const { headers, body } = await ask();
    assert.deepEqual([headers["worker3-error"], headers["retry-after"]], ["SYNCING", "2"]);
    assert.match(body, /block 5 of 9/);
    assert.equal((await fetchEdge(test.edge, { host: "blog.worker3.localhost" })).status, 200);
    test.edge.setUnknownHosts(undefined);
    await eventually(async () => (await ask()).status === 404);
  });

  it("an error is JSON for who accepts JSON", async () => {
    const headers = { accept: "application/json" };
    const { body } = await fetchEdge(test.edge, { host: "nobody.example", headers });
    assert.equal(JSON.parse(body).error.code, "UNKNOWN_HOST");
  });

  const heads = {
    "no Host": "GET / HTTP/1.1\r\n\r\n",
    "two Hosts": "GET / HTTP/1.1\r\nHost: blog.worker3.localhost\r\nHost: blog.worker3.localhost\r\n\r\n",
    "an empty Host": "GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "a Host with a path": "GET / HTTP/1.1\r\nHost: blog.worker3.localhost/x\r\n\r\n",
    "a Host with a user": "GET / HTTP/1.1\r\nHost: a@blog.worker3.localhost\r\n\r\n",
    "a Host that is a list": "GET / HTTP/1.1\r\nHost: a, blog.worker3.localhost\r\n\r\n",
    "another Host in the target": "GET http://evil/ HTTP/1.1\r\nHost: blog.worker3.localhost\r\n\r\n",
    "an asterisk": "OPTIONS * HTTP/1.1\r\nHost: blog.worker3.localhost\r\n\r\n",
  };
  for (const [name, head] of Object.entries(heads)) {
    it(`is refused with 400: ${name}`, async () => {
      const text = await talk(test.edge, head, (answer) => answer.includes("\r\n\r\n"));
      assert.match(text, /^HTTP\/1\.1 400 /);
      assert.match(text, /worker3-error: INVALID_/);
      assert.equal(seen.length, 0);
    });
  }

  it("a target in absolute form is served, as its path", async () => {
    const head =
      "GET http://blog.worker3.localhost/p?q HTTP/1.1\r\nHost: blog.worker3.localhost\r\nConnection: close\r\n\r\n";
    assert.match(await talk(test.edge, head), /tenant GET \/p\?q blog/);
  });

  it("routes go as they came, and a name that another project took stays with it", async () => {
    const other = await test.upstream((_, response) => response.end("other"));
    test.routeTo("20", "moving.example", other.path);
    test.routeTo("21", "moving.example", other.path, 9);
    test.edge.removeRoutes(["20"]);
    await eventually(
      async () => (await fetchEdge(test.edge, { host: "moving.example" })).headers["worker3-version"] === "9",
    );
    test.edge.removeRoutes(["21"]);
    await eventually(async () => (await fetchEdge(test.edge, { host: "moving.example" })).status === 404);
  });

  it("a refused project answers what the agent said", async () => {
    const message = "the project used up its cap";
    test.route("22", "capped.example", {
      kind: "refused",
      status: 402,
      code: "OVER_CAP",
      message,
      retryAfterSeconds: 60,
      version: 2,
    });
    await eventually(async () => (await fetchEdge(test.edge, { host: "capped.example" })).status === 402);
    const { headers, body } = await fetchEdge(test.edge, { host: "capped.example" });
    assert.equal(headers["worker3-error"], "OVER_CAP");
    assert.equal(headers["worker3-version"], "2");
    assert.equal(headers["retry-after"], "60");
    assert.ok(body.includes(message));
  });

  it("nothing of this was taken for the tenant's trouble", () => assert.deepEqual(test.troubles, []));

  describe("a split", () => {
    const host = "split.worker3.localhost";
    /** The version that answers a visitor, and the one that the response names. */
    async function visit(address: string, headers: Record<string, string> = {}): Promise<string> {
      const agent = new Agent({ localAddress: address });
      const answer = await fetchEdge(test.edge, { host, agent, headers });
      agent.destroy();
      assert.equal(answer.headers["worker3-version"], answer.body);
      return answer.body;
    }

    it("sends a visitor to one side, always the same, and a request that names a side to that", async () => {
      const active = await test.upstream((_, response) => response.end("1"));
      const canary = await test.upstream((_, response) => response.end("2"));
      test.route("9", host, {
        kind: "split",
        active: { kind: "cell", version: 1, socketPath: active.path },
        canary: { kind: "cell", version: 2, socketPath: canary.path },
        bps: 5_000,
      });
      await eventually(async () => (await fetchEdge(test.edge, { host })).status === 200);
      const seen = new Map<string, number>();
      for (let i = 1; i <= 40; i++) {
        const first = await visit(`127.0.0.${i}`);
        assert.equal(await visit(`127.0.0.${i}`), first);
        seen.set(first, (seen.get(first) ?? 0) + 1);
        assert.equal(await visit(`127.0.0.${i}`, { "worker3-version": "1" }), "1");
        assert.equal(await visit(`127.0.0.${i}`, { "worker3-version": "2" }), "2");
      }
      assert.ok((seen.get("1") ?? 0) > 5 && (seen.get("2") ?? 0) > 5, JSON.stringify([...seen]));
    });

    it("wakes a side that sleeps for those who get it, and nobody else waits", async () => {
      const active = await test.upstream((_, response) => response.end("1"));
      const canary = await test.upstream((_, response) => response.end("2"));
      const sides = {
        kind: "split",
        active: { kind: "cell", version: 1, socketPath: active.path },
        bps: 5_000,
      } as const;
      test.route("9", host, { ...sides, canary: { kind: "sleeping", version: 2 } });
      await eventually(async () => (await visit("127.0.0.1", { "worker3-version": "1" })) === "1");
      const before = test.wakes.length;
      const waiting = visit("127.0.0.1", { "worker3-version": "2" });
      await eventually(() => test.wakes.length > before);
      assert.deepEqual(test.wakes.slice(before), ["9"]);
      assert.equal(await visit("127.0.0.1", { "worker3-version": "1" }), "1");
      test.route("9", host, { ...sides, canary: { kind: "cell", version: 2, socketPath: canary.path } });
      assert.equal(await waiting, "2");
    });
  });
});
