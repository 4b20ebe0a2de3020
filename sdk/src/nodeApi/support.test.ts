import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { askSupport } from "./support.ts";

describe("askSupport", () => {
  let server: Server;
  let endpoint: string;
  /** What the node answers; undefined: never. */
  let answer: string | undefined;

  before(async () => {
    server = createServer((request, response) => {
      if (request.url !== "/.well-known/worker3/node") return void response.writeHead(404).end();
      if (answer !== undefined) response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const manifest = { manifest: 2, vars: { A: "b" } } as const;
  const ask = async (signal?: AbortSignal) => {
    const [told] = await askSupport([{ nodeId: 4, endpoint }], { manifest, scriptBytes: 10, signal });
    return [told?.nodeId, told?.runs, told?.error?.code];
  };
  const says = (capabilities: object) => JSON.stringify({ nodeId: 4, capabilities });

  const cases: [name: string, answer: string, runs: string, code?: string][] = [
    ["one that has it", says({ compatibilityDate: "2026-11-01", bindings: ["vars"] }), "yes"],
    [
      "one without the binding",
      says({ compatibilityDate: "2026-11-01", bindings: [] }),
      "no",
      "UNSUPPORTED_BINDING",
    ],
    [
      "one for smaller workers",
      says({ compatibilityDate: "2026-11-01", bindings: ["vars"], scriptBytes: 9 }),
      "no",
      "SCRIPT_TOO_LARGE",
    ],
    ["one that does not tell", JSON.stringify({ nodeId: 4 }), "unknown", "NODE_ANSWER"],
    ["one of another kind", says({ compatibilityDate: 7, bindings: "all" }), "unknown", "NODE_ANSWER"],
    ["one that cuts its answer", '{"nodeId":4,"capab', "unknown", "NODE_ANSWER"],
    ["one that talks without end", " ".repeat(2_000_000), "unknown", "NODE_ANSWER"],
  ];
  for (const [name, text, runs, code] of cases) {
    it(`${name}: ${runs}`, async () => {
      answer = text;
      assert.deepEqual(await ask(), [4, runs, code]);
    });
  }

  it("asks one again that takes no connection yet, for as long as it is told to", async () => {
    const late = createServer((_, response) =>
      response.end(says({ compatibilityDate: "2026-11-01", bindings: ["vars"] })),
    );
    const listen = (port: number) => new Promise<void>((resolve) => late.listen(port, "127.0.0.1", resolve));
    const close = () => new Promise((resolve) => late.close(resolve));
    await listen(0);
    const { port } = late.address() as AddressInfo;
    await close();
    const replicas = [{ nodeId: 4, endpoint: `http://127.0.0.1:${port}` }];
    const [at] = await askSupport(replicas, { manifest, scriptBytes: 10 });
    assert.deepEqual([at?.runs, at?.error?.code], ["unknown", "NODE_UNREACHABLE"]);
    const asked = askSupport(replicas, { manifest, scriptBytes: 10, patienceMs: 60_000 });
    await listen(port);
    assert.equal((await asked)[0]?.runs, "yes");
    late.closeAllConnections();
    await close();
  });

  it("ends by its signal while a node says nothing", async () => {
    answer = undefined;
    const stop = new AbortController();
    const asked = ask(stop.signal);
    stop.abort(new Error("enough"));
    await assert.rejects(asked, /enough/);
  });
});
