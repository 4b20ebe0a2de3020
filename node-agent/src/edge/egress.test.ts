import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { connect, type Socket } from "node:net";
import { AHEAD_BYTES } from "./embedded/process/Egress.ts";
import { eventually, fetchEdge, startTestEdge, type TestEdge, totals } from "./testing/testEdge.ts";

const HOST = "egress.example";
const MIB = 1_048_576;

describe("edge: bytes that are charged", () => {
  let test: TestEdge;
  let projects = 0;
  let projectId: string;

  before(async () => {
    test = await startTestEdge();
  });
  after(() => test.stop());
  beforeEach(async () => {
    projects += 1;
    projectId = `p${projects}`;
    const upstream = await test.upstream((request, response) => {
      const bytes = Number(request.url?.slice(1));
      response.writeHead(200, { "content-length": bytes });
      let left = bytes;
      const more = () => {
        while (left > 0 && !response.destroyed) {
          const piece = Buffer.alloc(Math.min(left, 65_536));
          left -= piece.length;
          if (!response.write(piece)) return void response.once("drain", more);
        }
        if (left === 0) response.end();
      };
      more();
    });
    test.routeTo(projectId, HOST, upstream.path);
    await eventually(async () => (await fetchEdge(test.edge, { host: HOST, path: "/0" })).status === 200);
  });

  const charged = () => totals(test.reports, projectId).egressBytes;
  /** What is charged when the reports of two more seconds have come. */
  async function settled(): Promise<number> {
    const reports = test.reports.length;
    await eventually(async () => {
      await fetchEdge(test.edge, { host: HOST, path: "/0" });
      return test.reports.length >= reports + 3;
    });
    return charged();
  }
  function get(path: string, head = ""): Socket {
    const socket = connect(test.edge.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n${head}\r\n`);
    return socket;
  }

  it("are all that visitors took, however their connections end", async () => {
    const bytes = 20 * MIB;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 2; i++) await fetchEdge(test.edge, { host: HOST, path: `/${bytes}`, agent });
    await eventually(() => charged() === 2 * bytes);
    agent.destroy();
    // The edge closes.
    await fetchEdge(test.edge, { host: HOST, path: `/${bytes}`, headers: { connection: "close" } });
    await eventually(() => charged() === 3 * bytes);
    // The visitor closes as soon as it has all.
    await new Promise<void>((resolve) => {
      const socket = get(`/${bytes}`);
      let came = 0;
      socket.on("data", (chunk) => {
        came += chunk.length;
        if (came >= bytes) socket.end();
      });
      socket.once("close", () => resolve());
    });
    await eventually(() => charged() === 4 * bytes);
  });

  it("are nearly all of quick downloads, each on a connection that its visitor closes in order", async () => {
    const bytes = 5 * MIB;
    const download = () =>
      new Promise<void>((resolve) => {
        const socket = get(`/${bytes}`);
        let came = 0;
        socket.on("data", (chunk) => {
          came += chunk.length;
          if (came >= bytes) socket.end();
        });
        socket.once("close", () => resolve());
      });
    for (let i = 0; i < 15; i++) await download();
    await Promise.all(Array.from({ length: 10 }, download));
    const most = 25 * bytes;
    await settled();
    assert.ok(charged() >= 0.95 * most && charged() <= most, `${charged()} of ${most}`);
  });

  it("of visitors who take little and reset are no more than was acknowledged and 256 KiB each", async () => {
    const visitors = Array.from({ length: 20 }, () => get(`/${50 * MIB}`).pause());
    const ports = () => new Set(visitors.map(({ localPort }) => localPort));
    // Nobody reads: what is acknowledged lies in their machine's buffers, until those are full. The kernel does not tell when that
    // is: it is where two looks with a while between them find the same.
    let before = -1;
    await eventually(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const now = unread(ports());
      const isFull = now > 0 && now === before;
      before = now;
      return isFull;
    });
    const acknowledged = visitors.reduce((sum, { bytesRead }) => sum + bytesRead, unread(ports()));
    for (const socket of visitors) socket.resetAndDestroy();
    const most = acknowledged + visitors.length * AHEAD_BYTES;
    assert.ok((await settled()) <= most, `${charged()} of at most ${most}, ${acknowledged} acknowledged`);
    assert.ok(charged() >= acknowledged / 2, `${charged()} of ${acknowledged}`);
  });

  /** What the kernel has acknowledged and nobody has read, of connections from these ports. */
  function unread(ports: ReadonlySet<number | undefined>): number {
    let sum = 0;
    for (const line of readFileSync("/proc/net/tcp", "latin1").split("\n").slice(1)) {
      const [, local = "", , , queues = ""] = line.trim().split(/ +/);
      if (ports.has(Number.parseInt(local.split(":")[1] ?? "", 16)))
        sum += Number.parseInt(queues.split(":")[1] ?? "0", 16);
    }
    return sum;
  }
});
