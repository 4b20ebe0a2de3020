import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { AHEAD_BYTES, Egress, type VisitorSocket } from "./Egress.ts";

/** A visitor's connection as the kernel would tell of it: a test says how much of it is acknowledged. */
class PlayedSocket extends EventEmitter {
  bytesWritten = 0;
  writableLength = 0;
  writableFinished = false;
  destroyed = false;
  readableEnded = false;
  hasEnded = false;
  readonly localAddress = "192.0.2.1";
  readonly localPort = 80;
  readonly remoteAddress = "192.0.2.2";
  readonly remotePort = 1;
  /** Undefined: the kernel does not know the connection any more. */
  acknowledged: number | undefined = 0;

  _final(done: () => void): void {
    this.hasEnded = true;
    done();
  }

  end(): void {
    this._final(() => {});
  }
}

describe("what is charged of a connection", () => {
  let charged: Record<string, number>;
  let looks: number;
  let nowMs: number;
  let socket: PlayedSocket;
  let egress: Egress;
  beforeEach(() => {
    [charged, looks, nowMs, socket] = [{}, 0, 1_000, new PlayedSocket()];
    egress = new Egress({
      charge: (projectId, bytes) => {
        charged[projectId] = (charged[projectId] ?? 0) + bytes;
      },
      readQueuesAside: async (all) => played(all),
      readQueues(all) {
        looks += 1;
        nowMs += 1;
        return played(all);
      },
      nowMs: () => nowMs,
    });
  });
  function played<T>(all: Iterable<T>): Map<T, number> {
    const { acknowledged, bytesWritten, writableLength } = socket;
    if (acknowledged === undefined) return new Map();
    return new Map([...all].map((one) => [one, bytesWritten - writableLength - acknowledged]));
  }
  const chargedOf = (projectId: string) => charged[projectId];
  const write = (bytes: number, projectId = "1") => {
    egress.add(socket as unknown as VisitorSocket, projectId, bytes);
    socket.bytesWritten += bytes;
  };

  it("is all of what is little, at once and without a look", () => {
    for (let i = 0; i < 8; i++) write(AHEAD_BYTES / 8);
    egress.look();
    assert.deepEqual([charged, looks], [{ 1: AHEAD_BYTES }, 0]);
  });

  it("is what was acknowledged and 256 KiB more, project by project in their order", () => {
    write(AHEAD_BYTES, "1");
    write(AHEAD_BYTES, "2");
    write(AHEAD_BYTES, "1");
    assert.deepEqual(charged, { 1: AHEAD_BYTES });
    socket.acknowledged = AHEAD_BYTES + 10;
    egress.look();
    assert.deepEqual(charged, { 1: AHEAD_BYTES + 10, 2: AHEAD_BYTES });
    socket.acknowledged = 3 * AHEAD_BYTES;
    egress.look();
    assert.deepEqual(charged, { 1: 2 * AHEAD_BYTES, 2: AHEAD_BYTES });
  });

  it("is nothing of what still lies in this process", () => {
    write(10 * AHEAD_BYTES);
    socket.writableLength = 10 * AHEAD_BYTES;
    egress.look();
    assert.deepEqual(charged, { 1: AHEAD_BYTES });
  });

  it("is no more when it breaks; when it ends well, all that the kernel gets through", () => {
    write(10 * AHEAD_BYTES);
    socket.acknowledged = AHEAD_BYTES;
    egress.look();
    socket.acknowledged = undefined;
    socket.emit("close");
    nowMs += 1_000;
    egress.look();
    assert.deepEqual(charged, { 1: 2 * AHEAD_BYTES });

    nowMs += 1_000;
    socket = new PlayedSocket();
    write(10 * AHEAD_BYTES, "2");
    socket.writableFinished = true;
    socket.acknowledged = AHEAD_BYTES;
    socket.emit("close");
    assert.equal(chargedOf("2"), 2 * AHEAD_BYTES);
    socket.acknowledged = 10 * AHEAD_BYTES;
    nowMs += 1_000;
    egress.look();
    assert.equal(chargedOf("2"), 10 * AHEAD_BYTES);
    const before = looks;
    egress.look();
    assert.equal(looks, before, "nothing is left to look at");
  });

  it("is not more for what was written while the kernel was asked", async () => {
    write(2 * AHEAD_BYTES);
    socket.acknowledged = AHEAD_BYTES;
    const looked = egress.lookAside();
    socket.bytesWritten += 10 * AHEAD_BYTES;
    await looked;
    assert.equal(chargedOf("1"), 2 * AHEAD_BYTES);
    write(10 * AHEAD_BYTES);
    assert.equal(chargedOf("1"), 2 * AHEAD_BYTES);
    // One that closes meanwhile is looked at again.
    const late = egress.lookAside();
    socket.writableFinished = true;
    nowMs += 1;
    socket.emit("close");
    await late;
    socket.acknowledged = socket.bytesWritten;
    nowMs += 1_000;
    await egress.lookAside();
    assert.equal(chargedOf("1"), 12 * AHEAD_BYTES);
  });

  it("is looked at when a visitor is done, but never for more than a tenth of the time", () => {
    for (let i = 0; i < 100; i++) {
      socket = new PlayedSocket();
      write(2 * AHEAD_BYTES);
      socket.acknowledged = 2 * AHEAD_BYTES;
      socket.emit("close");
      nowMs += 1;
    }
    assert.ok(looks > 5 && looks <= 20, `${looks} looks`);
  });

  it("is what the visitor took that ends its connection, which is kept until a look that begins then", async () => {
    write(10 * AHEAD_BYTES);
    socket.acknowledged = 5 * AHEAD_BYTES;
    const begun = egress.lookAside();
    socket.readableEnded = true;
    socket.end();
    socket.acknowledged = 8 * AHEAD_BYTES;
    await begun;
    assert.equal(socket.hasEnded, false);
    const deadline = performance.now() + 10_000;
    while (!socket.hasEnded && performance.now() < deadline) await new Promise(setImmediate);
    assert.deepEqual([socket.hasEnded, charged], [true, { 1: 9 * AHEAD_BYTES }]);
    assert.equal(looks, 0, "nothing waited for a look");
  });

  it("keeps no connection whose visitor goes on, or of which all is charged", () => {
    write(10 * AHEAD_BYTES);
    socket.end();
    assert.equal(socket.hasEnded, true);
    socket = new PlayedSocket();
    write(AHEAD_BYTES);
    socket.readableEnded = true;
    socket.end();
    assert.equal(socket.hasEnded, true);
  });

  it("is what the kernel took, on a machine that does not say more", () => {
    const blind = new Egress({
      charge: (projectId, bytes) => {
        charged[projectId] = (charged[projectId] ?? 0) + bytes;
      },
      readQueues() {
        throw new Error("no such file");
      },
      readQueuesAside: () => Promise.reject(new Error("no such file")),
    });
    blind.add(socket as unknown as VisitorSocket, "3", 4 * AHEAD_BYTES);
    socket.bytesWritten = 4 * AHEAD_BYTES;
    blind.look();
    assert.deepEqual(charged, { 3: 4 * AHEAD_BYTES });
  });
});
