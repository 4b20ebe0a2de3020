import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../../testing/until.ts";
import { readToEnd } from "./readToEnd.ts";

const ANSWER = "y".repeat(50_000);

describe("a connection to an upstream that closes without reading", () => {
  let directory: string;
  let server: Server;
  let socket: Socket;
  let errors: string[];
  let isClosed: boolean;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "upstream-"));
    server = createServer((upstream) => {
      upstream.on("error", () => {}).pause();
      upstream.end(ANSWER, () => upstream.destroy());
      upstream.once("close", () => {
        isClosed = true;
      });
    });
    errors = [];
    isClosed = false;
    const path = join(directory, "s");
    await new Promise<void>((resolve) => server.listen(path, resolve));
    socket = connect(path);
    socket.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code ?? error.message));
    readToEnd(socket);
  });
  afterEach(async () => {
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  });

  const whole = async () => {
    let text = "";
    for await (const chunk of socket) text += chunk;
    return text;
  };

  it("is read to its end, however much is written meanwhile and later", async () => {
    let wrote = 0;
    const more = () => {
      while (wrote < 200 && !socket.destroyed) {
        wrote += 1;
        if (!socket.write(Buffer.alloc(65_536))) return void socket.once("drain", more);
      }
    };
    more();
    await until("all that is written goes nowhere", () => wrote === 200);
    assert.deepEqual([(await whole()) === ANSWER, errors], [true, []]);
  });

  it("loses nothing to a reader who is slow", async () => {
    socket.write(Buffer.alloc(100));
    let first = "";
    await new Promise<void>((resolve) => {
      socket.once("readable", () => {
        first = String(socket.read(1));
        resolve();
      });
    });
    await until("the other side is closed", () => isClosed);
    // The stream fetches ahead, up to the reset that lies behind the answer.
    await until("the end is known", () => socket.readableLength > 0 && socket.readableLength < ANSWER.length);
    assert.deepEqual([first + (await whole()) === ANSWER, errors], [true, []]);
  });

  it("fails by every other error", async () => {
    socket.destroy(Object.assign(new Error("no"), { code: "ETIMEDOUT" }));
    await until("the error", () => errors.length > 0);
    assert.deepEqual(errors, ["ETIMEDOUT"]);
  });
});
