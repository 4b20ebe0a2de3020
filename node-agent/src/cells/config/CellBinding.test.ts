import assert from "node:assert/strict";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { cellBindings } from "../../bindings/index.ts";
import { ask } from "../testing/ask.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { TestRunner } from "../testing/TestRunner.ts";
import { type CellBinding, NODE_COMPATIBILITY_DATE } from "./CellBinding.ts";

/**
 * A kind of binding with all that storage needs: a service of its own in the cell that keeps files in a state folder, a
 * server beside the cell that is told by a header whose data is asked for, and a property of `env` for each.
 */
function playedStore(state: string, socketPath: string): CellBinding {
  return {
    kinds: [],
    parts: ({ manifest }) => ({
      services: [
        { name: "store-files", disk: { path: state, writable: true } },
        {
          name: "store",
          worker: {
            modules: [
              {
                name: "store.js",
                esModule: `export default {
                  async fetch(request, { FILES, KEY }) {
                    if (request.method === "GET") return FILES.fetch("http://files/" + KEY);
                    return FILES.fetch("http://files/" + KEY, { method: "PUT", body: await request.text() });
                  } };`,
              },
            ],
            compatibilityDate: NODE_COMPATIBILITY_DATE,
            bindings: [
              { name: "FILES", service: { name: "store-files" } },
              { name: "KEY", text: `${manifest.main}.txt` },
            ],
          },
        },
        {
          name: "store-remote",
          external: {
            address: `unix:${socketPath}`,
            http: { injectRequestHeaders: [{ name: "x-namespace", value: "of this project" }] },
          },
        },
      ],
      bindings: [
        { name: "STORE", service: { name: "store" } },
        { name: "REMOTE", service: { name: "store-remote" } },
      ],
    }),
  };
}

const worker = `export default { async fetch(request, { STORE, REMOTE, GREETING }) {
  await STORE.fetch("http://store/", { method: "PUT", body: GREETING });
  const headers = { "x-namespace": "of another" };
  return Response.json({
    kept: await (await STORE.fetch("http://store/")).text(),
    asked: await (await REMOTE.fetch("http://remote/", { headers })).json(),
  });
} };`;

describe("a kind of binding that only a list names", () => {
  let remote: Server;
  let home: string;
  let test: TestRunner;

  before(async () => {
    home = await makeTemporary();
    const state = join(home, "state");
    await mkdir(state);
    const socketPath = join(home, "remote");
    remote = createServer(({ headers }, response) => response.end(JSON.stringify(headers["x-namespace"])));
    await new Promise<void>((resolve) => remote.listen(socketPath, resolve));
    // Without a sandbox the process sees the paths as they are.
    const bindings = [...cellBindings, playedStore(state, socketPath)];
    test = await TestRunner.create({ sandbox: "none", bindings });
  });
  after(async () => {
    await test.close();
    remote.close();
    await rm(home, { recursive: true });
  });

  it("has services, state and names in env beside those of the others", async () => {
    const cell = await test.worker(worker, { vars: { GREETING: "hello" } });
    const { status, body } = await ask(cell.socketPath, { path: "/" });
    assert.equal(status, 200, body);
    assert.deepEqual(JSON.parse(body), { kept: "hello", asked: "of this project" });
    assert.equal(await readFile(join(home, "state", "index.js.txt"), "utf8"), "hello");
  });
});
