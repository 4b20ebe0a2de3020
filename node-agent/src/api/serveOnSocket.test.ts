import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { Agent, request } from "undici";
import { SocketError, serveOnSocket } from "./serveOnSocket.ts";

describe("serveOnSocket", () => {
  let home = "";
  let path = "";
  const app = new Hono().get("/", (c) => c.text("here"));

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "worker3-test-"));
    path = join(home, "api.sock");
  });
  afterEach(() => rm(home, { recursive: true }));

  async function ask(): Promise<string> {
    const dispatcher = new Agent({ connect: { socketPath: path } });
    try {
      return await (await request("http://node/", { dispatcher })).body.text();
    } finally {
      await dispatcher.close();
    }
  }

  const hasCode = (code: string) => (error: unknown) => error instanceof SocketError && error.code === code;

  it("answers on the socket, with the permissions asked for, until it is closed", async () => {
    const server = await serveOnSocket(app, path, 0o600);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal(await ask(), "here");
    await server.close();
    await assert.rejects(access(path));
  });

  it("replaces the socket of a process that was killed", async () => {
    const script = "require('net').createServer().listen(process.argv[1], () => console.log('up'))";
    const child = spawn(process.execPath, ["-e", script, path], { stdio: ["ignore", "pipe", "ignore"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    await access(path);
    const server = await serveOnSocket(app, path, 0o600);
    assert.equal(await ask(), "here");
    await server.close();
  });

  it("does not take the socket of a process that lives", async () => {
    const server = await serveOnSocket(app, path, 0o600);
    await assert.rejects(serveOnSocket(app, path, 0o600), hasCode("SOCKET_IN_USE"));
    assert.equal(await ask(), "here");
    await server.close();
  });

  it("a path that no socket can have is named", async () => {
    await assert.rejects(
      serveOnSocket(app, join(home, "x".repeat(108)), 0o600),
      hasCode("SOCKET_PATH_TOO_LONG"),
    );
    await assert.rejects(serveOnSocket(app, join(home, "nowhere/x"), 0o600), hasCode("SOCKET_UNUSABLE"));
  });
});
