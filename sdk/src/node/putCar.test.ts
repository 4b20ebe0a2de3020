import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { NodeError } from "../nodeApi/NodeError.ts";
import type { Car } from "../upload/putCar.ts";
import { putCar } from "./putCar.ts";

const PARTS = 64;
const PART = new Uint8Array(65_536).fill(7);

/** 4 MiB, more than sockets buffer. */
function car(): Car & { opened: number } {
  return {
    cid: "bafytest",
    bytes: PARTS * PART.length,
    opened: 0,
    async *open() {
      this.opened += 1;
      for (let part = 0; part < PARTS; part += 1) yield PART;
    },
  };
}

interface Listening extends AsyncDisposable {
  readonly endpoint: string;
}

async function serve(listener: RequestListener, continuing?: RequestListener): Promise<Listening> {
  const server: Server = createServer(listener);
  if (continuing !== undefined) server.on("checkContinue", continuing);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("putCar", () => {
  it("sends all of it with its length, type and intent, and counts the bytes", async () => {
    let seen: unknown;
    await using node = await serve(async (request, response) => {
      let bytes = 0;
      for await (const part of request) bytes += part.length;
      const { "content-type": type, "content-length": length, "worker3-intent": intent } = request.headers;
      seen = { method: request.method, url: request.url, type, length, intent, bytes };
      response.writeHead(201).end('{"ready":true}');
    });
    const sent = car();
    let counted = 0;
    const answer = await putCar({
      endpoint: node.endpoint,
      car: sent,
      intent: "abc",
      onBytes: (bytes) => {
        counted += bytes;
      },
    });
    assert.deepEqual([answer.status, answer.text], [201, '{"ready":true}']);
    assert.deepEqual(seen, {
      method: "PUT",
      url: "/.well-known/worker3/car/bafytest",
      type: "application/vnd.ipld.car",
      length: String(sent.bytes),
      intent: "abc",
      bytes: sent.bytes,
    });
    assert.equal(counted, sent.bytes);
  });

  it("hears a refusal before it sends anything", async () => {
    const sent = car();
    await using node = await serve(
      () => assert.fail("the body was sent"),
      (_, response) => response.writeHead(403, { "retry-after": "7" }).end("no"),
    );
    const answer = await putCar({ endpoint: node.endpoint, car: sent });
    assert.deepEqual(answer, { status: 403, retryAfter: "7", text: "no" });
    assert.equal(sent.opened, 0);
  });

  it("hears an answer that comes while it sends", async () => {
    await using node = await serve((request, response) => {
      request.once("data", () => response.writeHead(413).end("too much"));
    });
    const answer = await putCar({ endpoint: node.endpoint, car: car() });
    assert.equal(answer.status, 413);
  });

  it("sends to a node that does not know the question whether it may", async () => {
    await using node = await serve(
      () => undefined,
      async (request, response) => {
        // No "100 Continue", and the body is read all the same.
        let bytes = 0;
        for await (const part of request) bytes += part.length;
        response.writeHead(201).end(String(bytes));
      },
    );
    const sent = car();
    const answer = await putCar({ endpoint: node.endpoint, car: sent });
    assert.deepEqual([answer.status, answer.text], [201, String(sent.bytes)]);
  });

  it("gives up a node that is silent", async () => {
    await using node = await serve(() => undefined);
    await assert.rejects(putCar({ endpoint: node.endpoint, car: car(), idleMs: 300 }), (error) => {
      assert.ok(error instanceof NodeError);
      assert.equal(error.code, "NODE_TIMEOUT");
      return true;
    });
  });

  it("gives up a node that answers without an end, whatever it says and however often", async () => {
    const drips: Record<string, (response: ServerResponse) => void> = {
      "a body that goes on": (response) => void response.write(" "),
      "progress alone": (response) => response.writeProcessing(),
    };
    for (const [what, drip] of Object.entries(drips)) {
      let timer: NodeJS.Timeout | undefined;
      await using node = await serve((request, response) => {
        request.resume();
        timer = setInterval(drip, 20, response);
      });
      const begun = performance.now();
      const put = putCar({ endpoint: node.endpoint, car: car(), idleMs: 5_000, answerMs: 300 });
      await assert.rejects(put, { code: "NODE_TIMEOUT", value: node.endpoint }, what);
      assert.ok(performance.now() - begun >= 300, what);
      clearInterval(timer);
    }
  });

  it("reads no more of an answer than a document can be", async () => {
    await using node = await serve((request, response) => {
      request.resume();
      const write = (): void =>
        void response.write("x".repeat(65_536), (error) => error ?? setImmediate(write));
      write();
    });
    await assert.rejects(putCar({ endpoint: node.endpoint, car: car() }), { code: "NODE_ANSWER" });
  });

  it("NODE_UNREACHABLE: nobody listens, or what does breaks off", async () => {
    const sockets = createSocketServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => sockets.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
    await assert.rejects(putCar({ endpoint, car: car() }), { code: "NODE_UNREACHABLE", value: endpoint });
    await new Promise((resolve) => sockets.close(resolve));
    await assert.rejects(putCar({ endpoint, car: car() }), { code: "NODE_UNREACHABLE", value: endpoint });
  });

  it("passes on what the CAR's source throws", async () => {
    await using node = await serve((request) => void request.resume());
    const broken: Car = {
      ...car(),
      async *open() {
        yield PART;
        throw new RangeError("the disk is gone");
      },
    };
    await assert.rejects(putCar({ endpoint: node.endpoint, car: broken }), /the disk is gone/);
  });

  it("stops when it is told to", async () => {
    await using node = await serve(() => undefined);
    const stop = new AbortController();
    const put = putCar({ endpoint: node.endpoint, car: car(), signal: stop.signal });
    stop.abort(new Error("enough"));
    await assert.rejects(put, /enough/);
  });
});
