import assert from "node:assert/strict";
import { createLogger } from "../../logging/createLogger.ts";
import { until } from "../../testing/until.ts";
import { ask } from "../testing/ask.ts";
import { TestRunner } from "../testing/TestRunner.ts";
import type { Incident } from "./createIncidents.ts";
import { startWatchdog, type Watchdog } from "./startWatchdog.ts";

const NOTHING = { started: 0, messages: 0, inFlight: 0, carriedBytes: 0, moments: 0, heaviestBytes: 0 };
const HELLO = "export default { fetch() { return new Response('hello') } }";

describe("the watchdog", function () {
  this.timeout(60_000);
  let test: TestRunner;
  let watchdog: Watchdog;
  let incidents: Incident[];
  let cuts: string[];
  let replaced: string[];
  let inFlight: Map<string, number>;
  let isDeaf: boolean;

  before(async () => {
    test = await TestRunner.create();
  });
  after(() => test.close());
  beforeEach(() => {
    [incidents, cuts, replaced, inFlight, isDeaf] = [[], [], [], new Map(), false];
    watchdog = startWatchdog({
      cells: test.runner.cells,
      load: (socketPath) => ({ ...NOTHING, inFlight: inFlight.get(socketPath) ?? 0 }),
      async cut(socketPath, { limit }) {
        cuts.push(`${limit} ${socketPath}`);
      },
      replace: (_, socketPath) => replaced.push(socketPath),
      onIncident(_, incident) {
        incidents.push(incident);
        if (isDeaf) throw new TypeError("a bug of who is told");
      },
      logger: createLogger({ level: "silent" }),
    });
  });
  afterEach(async () => {
    watchdog.stop();
    await Promise.all(test.runner.cells().map((cell) => cell.stop({ graceMs: 0 })));
  });

  for (const [what, code] of [
    ["a loop", "for (;;) {}"],
    [
      "promises that go on for ever",
      "const again = () => queueMicrotask(again); again(); await new Promise(() => {})",
    ],
    ["a regular expression that backtracks", "/^(a+)+$/.test('a'.repeat(60) + 'b')"],
  ] as const) {
    it(`kills a cell that hangs in ${what}; its visitors are told first, and a neighbour never notices`, async () => {
      const hung = await test.worker(`export default { async fetch() { ${code}; return new Response() } }`);
      const neighbour = await test.worker(HELLO);
      ask(hung.socketPath, { path: "/" }).catch(() => {});
      const end = await hung.gone;
      assert.deepEqual([end.reason, end.limit, end.signal], ["killed", "CPU_HANG", "SIGKILL"]);
      assert.deepEqual(cuts, [`CPU_HANG ${hung.socketPath}`]);
      assert.equal(incidents.length, 1);
      assert.match(incidents[0]?.message ?? "", /used \d+ ms of CPU time on end/);
      assert.equal((await ask(neighbour.socketPath, { path: "/" })).body, "hello");
      assert.equal(neighbour.state(), "warm");
    });
  }

  it("kills a cell that hangs though who is told of it throws", async () => {
    isDeaf = true;
    const hung = await test.worker("export default { fetch() { for (;;) {} } }");
    ask(hung.socketPath, { path: "/" }).catch(() => {});
    assert.equal((await hung.gone).limit, "CPU_HANG");
    assert.equal(incidents.length, 1);
  });

  it("leaves a busy cell alone that answers", async () => {
    const busy = await test.worker(`
      export default { fetch() { const end = Date.now() + 5; let n = 0; for (let i = 0; i < 2e5; i++) n += i; return new Response(String(n)) } }`);
    const until = performance.now() + 2_500;
    const visitor = async () => {
      while (performance.now() < until) assert.equal((await ask(busy.socketPath, { path: "/" })).status, 200);
    };
    await Promise.all(Array.from({ length: 8 }, visitor));
    assert.equal(busy.state(), "warm");
    assert.deepEqual(incidents, []);
  });

  it("leaves a cell alone that computes on end for as long as its version may", async () => {
    const cell = await test.worker(
      "export default { fetch() { const end = Date.now(); let n = 0; for (let i = 0; i < 1.5e9; i++) n += i; return new Response('done') } }",
      { limits: { cpuMs: 30_000 } },
    );
    inFlight.set(cell.socketPath, 1);
    const from = cell.cpuMs();
    assert.equal((await ask(cell.socketPath, { path: "/" })).body, "done");
    assert.ok(cell.cpuMs() - from > 700, `${cell.cpuMs() - from} ms prove nothing`);
    assert.deepEqual(incidents, []);
  });

  it("cuts off what used more CPU time than it may, though it yields", async () => {
    const cell = await test.worker(`
      export default { async fetch() {
        for (;;) { const from = performance.now(); for (let i = 0; i < 5e6; i++); await scheduler.wait(1); }
      } }`);
    inFlight.set(cell.socketPath, 1);
    const answer = ask(cell.socketPath, { path: "/" });
    answer.catch(() => {});
    await until("a cut", () => cuts.length > 0);
    assert.equal(cuts[0], `CPU_LIMIT ${cell.socketPath}`);
    assert.match(incidents[0]?.message ?? "", /one may use 50 ms/);
    assert.equal(cell.state(), "warm");
  });

  it("has a cell replaced that uses more memory than it may, once, and kills it far above that", async () => {
    const cell = await test.worker(
      `const held = [];
       export default { async fetch(request) {
         const mib = Number(new URL(request.url).searchParams.get("mib"));
         for (let i = 0; i < mib; i++) held.push(new Uint8Array(1048576).fill(1));
         return new Response(String(held.length));
       } }`,
      { limits: { memoryMiB: 32 } },
    );
    inFlight.set(cell.socketPath, 1);
    await ask(cell.socketPath, { path: "/?mib=50" });
    await until("the soft limit", () => replaced.length > 0);
    assert.deepEqual(replaced, [cell.socketPath]);
    assert.equal(cell.state(), "warm");
    ask(cell.socketPath, { path: "/?mib=60" }).catch(() => {});
    const end = await cell.gone;
    assert.deepEqual([end.reason, end.limit], ["killed", "MEMORY_LIMIT"]);
    assert.deepEqual(replaced, [cell.socketPath]);
    assert.deepEqual(
      incidents.map(({ code }) => code),
      ["MEMORY_LIMIT", "MEMORY_LIMIT"],
    );
  });
});
