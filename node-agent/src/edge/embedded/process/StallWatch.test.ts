import assert from "node:assert/strict";
import { connect, createServer, type Server, type Socket } from "node:net";
import { until } from "../../../testing/until.ts";
import { StallWatch, type StallWatchOptions } from "./StallWatch.ts";

const STALLED_MS = 60_000;
const LOOK_MS = 10_000;

describe("a visitor for whom something waits", () => {
  let server: Server;
  let visitor: Socket;
  let socket: Socket;
  let watch: StallWatch;
  let nowMs: number;
  /** What the kernel says, where the test says it and a busy machine does not. */
  let queued: number | undefined;

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    visitor = connect(address.port, "127.0.0.1");
    visitor.on("error", () => {}).pause();
    socket = await accepted;
    socket.on("error", () => {});
    watch = watching((suspects) => new Map([...suspects].map((suspect) => [suspect, queued ?? 0])));
    queued = 1_000_000;
    nowMs = 1_000;
  });
  afterEach(() => {
    visitor.destroy();
    socket.destroy();
    server.close();
  });

  const watching = (readQueues?: StallWatchOptions["readQueues"]) =>
    new StallWatch({ sockets: () => [socket], stalledMs: STALLED_MS, ...(readQueues && { readQueues }) });

  /** Writes until the kernel takes no more for a moment. */
  async function fill(): Promise<void> {
    let left = -1;
    await until("the buffers are full", () => {
      while (socket.writableLength < 1_048_576) socket.write(Buffer.alloc(262_144));
      const isSame = socket.writableLength === left;
      left = socket.writableLength;
      return isSame && left > 0;
    });
  }

  function pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += LOOK_MS) {
      nowMs += LOOK_MS;
      watch.look(nowMs);
    }
  }

  it("and who takes nothing of it is cut, by a reset", async () => {
    await fill();
    watch.look(nowMs);
    pass(STALLED_MS - LOOK_MS);
    assert.equal(socket.destroyed, false);
    pass(LOOK_MS);
    assert.equal(socket.destroyed, true);
    const failure = new Promise<string>((resolve) =>
      visitor.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "")),
    );
    visitor.resume();
    assert.equal(await failure, "ECONNRESET");
  });

  it("is left alone as long as it takes something, even if the kernel had it already", async () => {
    await fill();
    watch.look(nowMs);
    for (let round = 0; round < 4; round++) {
      pass(STALLED_MS - LOOK_MS);
      assert.equal(socket.destroyed, false, `round ${round}`);
      queued = (queued ?? 0) - 1;
      pass(LOOK_MS);
    }
    pass(STALLED_MS - LOOK_MS);
    assert.equal(socket.destroyed, false);
    pass(LOOK_MS);
    assert.equal(socket.destroyed, true);
  });

  it("is asked of the real kernel", async () => {
    watch = watching();
    await fill();
    watch.look(nowMs);
    for (let round = 0; round < 3; round++) {
      pass(STALLED_MS - LOOK_MS);
      let took = 0;
      visitor.on("data", (chunk) => {
        took += chunk.length;
        if (took > 500_000) visitor.removeAllListeners("data").pause();
      });
      visitor.resume();
      await until("a part is taken", () => took > 500_000);
      // Whether this process hears of the room in the kernel's buffer, and when, is the kernel's own affair.
      pass(LOOK_MS);
      assert.equal(socket.destroyed, false, `round ${round}`);
    }
    await fill();
    await until("it takes nothing any more and is cut", () => {
      pass(LOOK_MS);
      return socket.destroyed;
    });
  });

  it("is not one to whom there is nothing to say", async () => {
    socket.write("event");
    await until("it is on its way", () => socket.writableLength === 0);
    pass(100 * STALLED_MS);
    assert.equal(socket.destroyed, false);
  });

  it("waits anew once it had all that waited", async () => {
    await fill();
    watch.look(nowMs);
    pass(STALLED_MS - LOOK_MS);
    visitor.resume();
    await until("nothing waits", () => socket.writableLength === 0);
    pass(LOOK_MS);
    visitor.pause();
    await fill();
    pass(STALLED_MS - LOOK_MS);
    assert.equal(socket.destroyed, false);
  });

  it("is left alone where the kernel says nothing of it", async () => {
    watch = watching(() => new Map());
    await fill();
    pass(10 * STALLED_MS);
    assert.equal(socket.destroyed, false);
  });
});
