import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readJson, readText } from "@worker3/sdk";
import { rejectsCode } from "@worker3/sdk/testing";
import { z } from "zod";
import { requestNode } from "./requestNode.ts";

describe("requests to a node", () => {
  let server: Server;
  let endpoint: string;

  before(async () => {
    server = createServer(({ url, headers }, response) => {
      if (url === "/hang") return;
      if (url === "/away") return void response.writeHead(302, { location: "/host" }).end();
      if (url === "/cut")
        return void response.writeHead(200, { "content-length": 10 }).write("abc", () => response.destroy());
      if (url === "/long") return void response.end(Buffer.alloc(2_000_000));
      if (url === "/refuse") return void response.writeHead(503, { "worker3-error": "NO_CREDIT" }).end("{}");
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      response.end(JSON.stringify({ host: headers.host }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const hostSeen = z.object({ host: z.string() });

  it("go to the endpoint, under the host name that is asked for", async () => {
    const { status, headers, body } = await requestNode({
      endpoint,
      path: "/host",
      host: "shop.worker3.dev",
    });
    assert.deepEqual([status, JSON.parse(await readText(body, endpoint)).host], [200, "shop.worker3.dev"]);
    assert.equal(headers["set-cookie"], "a=1, b=2");
    const own = await readJson({ endpoint, path: "/host", schema: hostSeen });
    assert.equal(own.host, new URL(endpoint).host);
  });

  it("follow no redirect", async () => {
    const { status, headers, body } = await requestNode({ endpoint, path: "/away" });
    await body.dump();
    assert.deepEqual([status, headers.location], [302, "/host"]);
  });

  it("end by their time limit and by their signal", async () => {
    await rejectsCode(requestNode({ endpoint, path: "/hang", timeoutMs: 100 }), "NODE_TIMEOUT");
    const stop = new AbortController();
    const hung = requestNode({ endpoint, path: "/hang", signal: stop.signal });
    stop.abort(new Error("enough"));
    await assert.rejects(hung, /enough/);
  });

  it("name what went wrong", async () => {
    const schema = hostSeen;
    const away = await rejectsCode(
      requestNode({ endpoint: "http://127.0.0.1:1", path: "/" }),
      "NODE_UNREACHABLE",
    );
    assert.equal(away.value, "http://127.0.0.1:1");
    await rejectsCode(requestNode({ endpoint: "", path: "/" }), "NODE_UNREACHABLE");
    await rejectsCode(readJson({ endpoint, path: "/cut", schema }), "NODE_UNREACHABLE");
    await rejectsCode(readJson({ endpoint, path: "/long", schema }), "NODE_ANSWER");
    assert.match(
      (await rejectsCode(readJson({ endpoint, path: "/refuse", schema }), "NODE_REFUSED")).message,
      /503 NO_CREDIT/,
    );
    await rejectsCode(
      readJson({ endpoint, path: "/host", schema: z.object({ other: z.string() }) }),
      "NODE_ANSWER",
    );
  });
});
