import assert from "node:assert/strict";
import { connect, createServer, type Server, type Socket } from "node:net";
import { mock } from "node:test";
import { until } from "../../../testing/until.ts";
import { closeGently, isClosing } from "./closeGently.ts";
import { LIMITS } from "./limits.ts";

describe("a visitor's connection that is closed", () => {
  let server: Server;
  let visitor: Socket;
  let socket: Socket;

  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    visitor = connect({ port: address.port, host: "127.0.0.1", allowHalfOpen: true });
    visitor.on("error", () => {}).pause();
    socket = await accepted;
    socket.on("error", () => {});
    mock.timers.enable({ apis: ["setInterval"] });
  });
  afterEach(() => {
    mock.timers.reset();
    visitor.destroy();
    socket.destroy();
    server.close();
  });

  /** The visitor sends something more, and it is there. */
  async function send(): Promise<void> {
    const before = socket.bytesRead;
    visitor.write("more");
    await until("it is read", () => socket.bytesRead > before);
  }
  const isSent = () => until("all is sent", () => socket.writableFinished);

  it("ends for both once the visitor ends its side, with all that was sent", async () => {
    socket.write("answer");
    closeGently(socket);
    assert.ok(isClosing(socket));
    let text = "";
    visitor.on("data", (chunk) => {
      text += chunk;
    });
    visitor.once("end", () => visitor.end());
    visitor.resume();
    await until("both are closed", () => socket.closed && visitor.closed);
    assert.equal(text, "answer");
  });

  it("is cut where the visitor falls silent without an end", async () => {
    closeGently(socket);
    await isSent();
    await send();
    mock.timers.tick(LIMITS.lingerIdleMs);
    assert.equal(socket.destroyed, false);
    mock.timers.tick(LIMITS.lingerIdleMs);
    assert.equal(socket.destroyed, true);
  });

  it("is cut where the visitor goes on sending for too long", async () => {
    closeGently(socket);
    await isSent();
    for (let waitedMs = LIMITS.lingerIdleMs; waitedMs < LIMITS.lingerMs; waitedMs += LIMITS.lingerIdleMs) {
      await send();
      mock.timers.tick(LIMITS.lingerIdleMs);
      assert.equal(socket.destroyed, false);
    }
    await send();
    mock.timers.tick(LIMITS.lingerIdleMs);
    assert.equal(socket.destroyed, true);
  });

  it("waits for a visitor who is slow to take what was sent", async () => {
    while (socket.writableLength < 16_777_216) socket.write(Buffer.alloc(1_048_576));
    closeGently(socket);
    mock.timers.tick(2 * LIMITS.lingerMs);
    assert.equal(socket.destroyed, false);
  });
});
