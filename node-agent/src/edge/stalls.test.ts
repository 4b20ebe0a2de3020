import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { eventually, fetchEdge, startTestEdge, startUpstream, type TestEdge } from "./testing/testEdge.ts";

const HOST = "stalls.example";

describe("edge: visitors who take nothing", () => {
  let test: TestEdge;
  let visitors: Socket[];
  const ended: string[] = [];

  before(async () => {
    visitors = [];
    test = await startTestEdge({ connectionLimits: { total: 100, perClient: 100, stalledMs: 600 } });
    const tenant = await test.upstream((request, response) => {
      response.once("close", () => ended.push(request.url ?? ""));
      if (request.url === "/endless") flood(response);
      else if (request.url === "/events") response.writeHead(200).write("event");
      else response.end("served");
    });
    tenant.server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
      socket.on("error", () => {}).once("close", () => ended.push(request.url ?? ""));
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
      if (request.url === "/flood") flood(socket);
    });
    test.routeTo("1", HOST, tenant.path);
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).body === "served");
    ended.length = 0;
  });
  after(async () => {
    for (const socket of visitors) socket.destroy();
    await test.stop();
  });

  function flood(to: ServerResponse | Socket): void {
    const more = () => {
      while (!to.destroyed && to.write(Buffer.alloc(65_536)));
    };
    to.on("drain", more);
    more();
  }

  function visit(path: string, headers = "", host = HOST): Socket {
    const socket = connect(test.edge.port, "127.0.0.1");
    visitors.push(socket);
    socket.on("error", () => {}).pause();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
    return socket;
  }
  const UPGRADE =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

  it("are cut where the node itself answers them, too", async () => {
    const api = await startUpstream(
      createServer((request, response) => {
        response.once("close", () => ended.push(request.url ?? ""));
        flood(response);
      }),
      join(test.directory, "api.sock"),
    );
    const socket = visit("/ipfs/bafy", "", "n7.nodes.worker3.localhost");
    await eventually(() => ended.length === 1);
    assert.deepEqual(ended, ["/ipfs/bafy"]);
    socket.destroy();
    await api.kill();
    ended.length = 0;
  });

  it("are cut, be it a response or a WebSocket; where there is nothing to say nobody is", async () => {
    const quiet = [visit("/events"), visit("/quiet", UPGRADE)];
    await eventually(() => test.edge.load(`${test.directory}/0.sock`).inFlight === 2);
    visit("/endless");
    visit("/flood", UPGRADE);
    await eventually(() => ended.length === 2);
    assert.deepEqual(ended.sort(), ["/endless", "/flood"]);
    assert.ok(quiet.every(({ destroyed }) => !destroyed));
    await eventually(() => test.edge.load(`${test.directory}/0.sock`).inFlight === 2);
    // It is no fault of the tenant's.
    assert.deepEqual([test.troubles, test.cuts], [[], []]);
  });
});
