import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { eventually, startTestEdge, type TestEdge } from "./testing/testEdge.ts";

const HOST = "crowd.example";

describe("edge: connections of visitors", () => {
  let test: TestEdge;
  let held: Map<string, ServerResponse>;
  let open: Visitor[];

  interface Visitor {
    readonly socket: Socket;
    text: string;
    isClosed: boolean;
  }

  beforeEach(async () => {
    held = new Map();
    open = [];
    test = await startTestEdge({ connectionLimits: { total: 6, perClient: 3, stalledMs: 60_000 } });
    const tenant = await test.upstream((request, response) => {
      if (request.url?.startsWith("/held")) held.set(request.url, response);
      else response.end("served");
    });
    test.routeTo("1", HOST, tenant.path);
    await eventually(async () => {
      const first = await visit("127.0.0.250", "/");
      first.socket.destroy();
      return first.text.includes("served");
    });
  });
  afterEach(async () => {
    for (const { socket } of open) socket.destroy();
    await test.stop();
  });

  /** Connects from an address and asks; resolves with an answer, with a held request that arrived, or with the end. */
  async function visit(address: string, path: string): Promise<Visitor> {
    const socket = connect({ port: test.edge.port, host: "127.0.0.1", localAddress: address });
    const visitor: Visitor = { socket, text: "", isClosed: false };
    open.push(visitor);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      visitor.text += chunk;
    });
    socket.once("close", () => {
      visitor.isClosed = true;
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    await eventually(() => visitor.text.includes("\r\n\r\n") || held.has(path) || visitor.isClosed);
    return visitor;
  }
  const visits = async (address: string, ...paths: string[]) => {
    const all: Visitor[] = [];
    for (const path of paths) all.push(await visit(address, path));
    return all;
  };
  const areClosed = (visitors: readonly Visitor[]) => visitors.map(({ isClosed }) => isClosed);

  it("one that has its share loses the longest idle one for a new one, and nobody else does", async () => {
    const other = await visits("127.0.0.2", "/");
    const own = await visits("127.0.0.1", "/", "/", "/");
    const [next] = await visits("127.0.0.1", "/");
    assert.match(next?.text ?? "", /served/);
    await eventually(() => own[0]?.isClosed === true);
    assert.deepEqual(areClosed([...own, ...other]), [true, false, false, false]);
  });

  it("one on which something goes on is not idle, and one that was used since is not the longest idle", async () => {
    const own = await visits("127.0.0.1", "/held", "/", "/");
    own[1]?.socket.write(`GET /again HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    await eventually(() => (own[1]?.text.match(/served/g)?.length ?? 0) === 2);
    await visits("127.0.0.1", "/");
    await eventually(() => own[2]?.isClosed === true);
    assert.deepEqual(areClosed(own), [false, false, true]);
    held.get("/held")?.end("at last");
    await eventually(() => own[0]?.text.includes("at last") === true);
  });

  it("who has its share of busy ones gets no other, others do, and again when one ends", async () => {
    const own = await visits("127.0.0.1", "/held1", "/held2", "/held3");
    const [refused] = await visits("127.0.0.1", "/");
    assert.deepEqual([refused?.text, refused?.isClosed], ["", true]);
    const [other] = await visits("127.0.0.2", "/");
    assert.match(other?.text ?? "", /served/);
    held.get("/held1")?.end("done");
    await eventually(() => own[0]?.text.includes("done") === true);
    const [next] = await visits("127.0.0.1", "/");
    assert.match(next?.text ?? "", /served/);
  });

  it("when there are as many as there may be, the longest idle of all makes room, whoever holds it", async () => {
    const first = await visits("127.0.0.1", "/", "/", "/");
    const second = await visits("127.0.0.2", "/", "/", "/");
    const third = await visits("127.0.0.3", "/", "/held");
    assert.match(third[0]?.text ?? "", /served/);
    await eventually(() => first[1]?.isClosed === true);
    assert.deepEqual(areClosed([...first, ...second, ...third]), [
      ...[true, true, false],
      ...[false, false, false],
      ...[false, false],
    ]);
  });

  it("what is no whole request yet keeps nobody out", async () => {
    for (const address of ["127.0.0.1", "127.0.0.2"]) {
      for (let index = 0; index < 3; index++) {
        const socket = connect({ port: test.edge.port, host: "127.0.0.1", localAddress: address });
        socket.on("error", () => {});
        open.push({ socket, text: "", isClosed: false });
        await new Promise<unknown>((resolve) => socket.write("GET / HTTP/1.1\r\nHos", resolve));
      }
    }
    const [other] = await visits("127.0.0.3", "/");
    assert.match(other?.text ?? "", /served/);
  });

  it("when all are busy a new one is turned away, and there is room again when one is closed", async () => {
    const all = [
      ...(await visits("127.0.0.1", "/held1", "/held2", "/held3")),
      ...(await visits("127.0.0.2", "/held4", "/held5", "/held6")),
    ];
    const [refused] = await visits("127.0.0.3", "/");
    assert.deepEqual([refused?.text, refused?.isClosed], ["", true]);
    all[0]?.socket.resetAndDestroy();
    await eventually(async () => (await visit("127.0.0.3", "/")).text.includes("served"));
    assert.deepEqual(areClosed(all.slice(1)), Array(5).fill(false));
  });
});
