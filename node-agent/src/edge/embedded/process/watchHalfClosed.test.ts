import assert from "node:assert/strict";
import { connect, createServer, type Server, type Socket } from "node:net";
import { mock } from "node:test";
import { until } from "../../../testing/until.ts";
import { watchHalfClosed } from "./watchHalfClosed.ts";

const SILENCE_MS = 10_000;

describe("a visitor who ended its side", () => {
  let server: Server;
  let visitor: Socket;
  let socket: Socket;

  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const connected = new Promise<Socket>((resolve) => server.once("connection", resolve));
    visitor = connect({ port: address.port, host: "127.0.0.1", allowHalfOpen: true });
    socket = await connected;
    const ended = new Promise((resolve) => socket.once("end", resolve));
    visitor.resume();
    socket.on("error", () => {}).resume();
    visitor.end();
    await ended;
    mock.timers.enable({ apis: ["setInterval"] });
    watchHalfClosed(socket, SILENCE_MS);
  });
  afterEach(() => {
    mock.timers.reset();
    visitor.destroy();
    server.close();
  });

  const send = (bytes: string | Buffer) => new Promise((resolve) => socket.write(bytes, resolve));

  it("is gone where nothing is said to it for a while", () => {
    mock.timers.tick(SILENCE_MS - 1);
    assert.equal(socket.destroyed, false);
    mock.timers.tick(1);
    assert.equal(socket.destroyed, true);
  });

  it("waits like others as long as something is", async () => {
    for (let round = 0; round < 3; round++) {
      await send("event");
      mock.timers.tick(SILENCE_MS);
      assert.equal(socket.destroyed, false);
    }
    mock.timers.tick(SILENCE_MS);
    assert.equal(socket.destroyed, true);
  });

  it("may be slow to take what was said", async () => {
    visitor.pause();
    while (socket.write(Buffer.alloc(65_536)));
    await until("a part that does not go out", () => socket.writableLength > 0);
    mock.timers.tick(3 * SILENCE_MS);
    assert.equal(socket.destroyed, false);
  });
});
