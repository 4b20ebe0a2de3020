import assert from "node:assert/strict";
import { createServer, get, type IncomingMessage, type RequestOptions, type Server } from "node:http";
import { connect, createSecureServer } from "node:http2";
import * as https from "node:https";
import type { Server as NetServer } from "node:net";
import { networkInterfaces } from "node:os";
import type { Visitor } from "../../Visitor.ts";
import { visitorOf } from "./visitorOf.ts";

/** TLS by a shared key: real, and without a certificate. */
const psk = Buffer.alloc(32, 7);
const TLS_SERVER = { ciphers: "PSK", maxVersion: "TLSv1.2", pskCallback: () => psk } as const;
const TLS_VISITOR = {
  ciphers: "PSK",
  pskCallback: () => ({ psk, identity: "visitor" }),
  checkServerIdentity: () => undefined,
} as const;

const HAS_IPV6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === "::1"),
);

describe("the visitor of a request", () => {
  let seen: (Visitor | undefined)[] = [];
  const closing: (() => void)[] = [];
  beforeEach(() => {
    seen = [];
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  const see = (request: IncomingMessage, isWebSocket = false) => {
    seen.push(visitorOf(request, { isWebSocket }));
  };

  async function listen(server: NetServer | Server, host: string): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    closing.push(() => server.close());
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Asks by one of Node's clients and waits for the answer's end. */
  const ask = (by: typeof get, options: RequestOptions) =>
    new Promise<void>((resolve, reject) => {
      by({ ...options, agent: false }, (response) => response.resume().once("end", resolve)).once(
        "error",
        reject,
      );
    });

  const answering = () =>
    createServer((request, response) => {
      see(request);
      see(request, true);
      response.end();
    });

  it("has the connection's address, and speaks HTTP or a WebSocket", async () => {
    const port = await listen(answering(), "127.0.0.1");
    await ask(get, { host: "127.0.0.1", port });
    assert.deepEqual(seen, [
      { address: "127.0.0.1", protocol: "http/1.1", isTls: false, hops: 0 },
      { address: "127.0.0.1", protocol: "websocket", isTls: false, hops: 0 },
    ]);
  });

  if (HAS_IPV6) {
    it("has an address of IPv4 in its own form where the socket is for both", async () => {
      const port = await listen(answering(), "::");
      for (const host of ["127.0.0.1", "::1"]) await ask(get, { host, port });
      assert.deepEqual(
        seen.map((visitor) => visitor?.address),
        ["127.0.0.1", "127.0.0.1", "::1", "::1"],
      );
    });
  }

  it("came by TLS or did not", async () => {
    const server = https.createServer(TLS_SERVER, (request, response) => {
      see(request);
      response.end();
    });
    const port = await listen(server, "127.0.0.1");
    await ask(https.get, { host: "127.0.0.1", port, ...TLS_VISITOR } as RequestOptions);
    assert.deepEqual(seen, [{ address: "127.0.0.1", protocol: "http/1.1", isTls: true, hops: 0 }]);
  });

  it("speaks HTTP/2 or 1.1", async () => {
    const server = createSecureServer(TLS_SERVER, (request, response) => {
      see(request as unknown as IncomingMessage);
      response.end();
    });
    const port = await listen(server, "127.0.0.1");
    const session = connect(`https://127.0.0.1:${port}`, TLS_VISITOR);
    closing.push(() => session.destroy());
    const stream = session.request({ ":path": "/" });
    await new Promise<void>((resolve, reject) => {
      session.once("error", reject);
      stream.once("error", reject).once("end", resolve).resume();
    });
    assert.deepEqual(seen, [{ address: "127.0.0.1", protocol: "h2", isTls: true, hops: 0 }]);
  });

  it("is nobody once the connection is gone", async () => {
    const port = await listen(
      createServer((request) => {
        request.socket.destroy();
        see(request);
      }),
      "127.0.0.1",
    );
    await assert.rejects(ask(get, { host: "127.0.0.1", port }));
    assert.deepEqual(seen, [undefined]);
  });
});
