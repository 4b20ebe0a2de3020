import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Fact, Manifest } from "@worker3/sdk";
import { pino } from "pino";
import { applyFacts } from "../../node-agent/src/chain/applyFacts.ts";
import { paysFor } from "../../node-agent/src/chain/createFunding.ts";
import { fact, hashOf } from "../../node-agent/src/chain/testing/fact.ts";
import { createChainView } from "../../node-agent/src/chain/view/createChainView.ts";
import { batchTable } from "../../node-agent/src/ledger/batchTable.ts";
import { checkpointTable } from "../../node-agent/src/ledger/checkpointTable.ts";
import { factTable } from "../../node-agent/src/ledger/factTable.ts";
import { openLedger } from "../../node-agent/src/ledger/openLedger.ts";
import { projectTable } from "../../node-agent/src/ledger/projectTable.ts";
import { usageTable } from "../../node-agent/src/ledger/usageTable.ts";
import { createCapWatch } from "../../node-agent/src/metering/createCapWatch.ts";
import { createMeter } from "../../node-agent/src/metering/createMeter.ts";
import { createReconciler } from "../../node-agent/src/reconcile/createReconciler.ts";
import type { Result, Row } from "./table.ts";

/** How many projects a ledger has that is read in at a start; `BENCH_PROJECTS` makes a quick look of it. */
const PROJECTS = Number(process.env.BENCH_PROJECTS ?? 100_000);
const NODE = 1;
const NODES = 100;
const EPOCH = 10;
const ROUNDS = 21;
const OWNER = "0x00000000000000000000000000000000000000A1";
const ZONE = "worker3.localhost";

/** What the agent does every second and at every pass, without cells and edge: with many projects, and with many versions. */
export async function agent(): Promise<Result> {
  const rows: Row[] = [];
  for (const { projects, versions } of [
    { projects: 1_000, versions: 100 },
    { projects: 10_000, versions: 1 },
  ]) {
    const size = `${projects} projects x ${versions} versions`;
    const one = openAgent(":memory:");
    fill(one, { projects, versions, seats: () => [NODE, 2, 3] });
    rows.push(...(await capWatch(one, size, projects)), await pass(one, size, projects));
    one.ledger.close();
  }
  rows.push(await start());
  return { bench: `agent: medians of ${ROUNDS}; a pass and a start: of one after the other`, rows };
}

type Agent = ReturnType<typeof openAgent>;

function openAgent(path: string) {
  const ledger = openLedger(path);
  const [facts, projects, usage] = [factTable(ledger), projectTable(ledger), usageTable(ledger)];
  const view = createChainView({ ledger, facts, projects, network: { zone: ZONE }, nodeId: NODE });
  const meter = createMeter({
    ledger,
    usage,
    batches: batchTable(ledger),
    currentEpoch: () => EPOCH,
    late: 3,
  });
  return { ledger, facts, projects, usage, view, meter, checkpoints: checkpointTable(ledger) };
}

/** Books what a chain would have said of so many projects, each with a name, terms and versions. */
function fill(
  agent: Agent,
  { projects, versions, seats }: { projects: number; versions: number; seats: (id: number) => number[] },
): void {
  const prices = { fromEpoch: 0, feeBps: 500, included: 0n, base: 1_000n };
  const rates = { perMRequests: 300_000n, perMCpuMs: 20_000n, perGiB: 90_000n, perGiBStored: 1_000n };
  const book = (block: number, facts: readonly Fact[]) => {
    const checkpoint = { number: BigInt(block), hash: hashOf(block), timestamp: block };
    applyFacts(agent, { facts, checkpoint, nodeId: NODE });
  };
  book(1, [
    fact({ block: 1, logIndex: 0 }, "usageSettlement", "PricesSet", { prices: { ...prices, ...rates } }),
  ]);
  let block = 2;
  let facts: Fact[] = [];
  for (let id = 1; id <= projects; id++) {
    let logIndex = facts.length;
    const at = () => ({ block, logIndex: logIndex++ });
    const projectId = BigInt(id);
    facts.push(
      fact(at(), "projectRegistry", "ProjectCreated", { projectId, owner: OWNER }),
      fact(at(), "nameRegistry", "DomainClaimed", { projectId, domain: `p-${id}.${ZONE}` }),
      fact(at(), "projectRegistry", "TermsSet", {
        projectId,
        fromEpoch: 9,
        cap: 1_000_000n,
        nodeIds: seats(id),
      }),
      ...Array.from({ length: versions }, (_, i) => {
        const version = i + 1;
        const cid = `bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy${id}x${version}`;
        return fact(at(), "projectRegistry", "VersionAdded", { projectId, version, cid, live: true });
      }),
    );
    if (facts.length < 1_000 && id < projects) continue;
    book(block, facts);
    [block, facts] = [block + 1, []];
  }
}

/** The look of every second at what projects are charged: none was visited since the last one, or every one. */
async function capWatch(agent: Agent, size: string, projects: number): Promise<Row[]> {
  const { meter, view } = agent;
  const reconciler = { setCapReached: () => {} };
  const watch = createCapWatch({ meter, view, reconciler, nodeId: NODE, epochSeconds: 86_400 });
  let sequence = 0;
  const visitAll = () => {
    sequence += 1;
    const counts = Array.from({ length: projects }, (_, i) => {
      return { projectId: String(i + 1), epoch: EPOCH, minuteMs: 0, requests: 1, egressBytes: 1_000 };
    });
    meter.bookReport({ reporter: "edge", sequence, closedEpoch: EPOCH - 1, counts });
  };
  visitAll();
  watch.check(EPOCH);
  const quiet = await medianMs(() => watch.check(EPOCH));
  const busy = await medianMs(() => watch.check(EPOCH), visitAll);
  return [
    { what: `capWatch.check, ${size}, nothing counted`, value: quiet, unit: "ms", goal: 5 },
    { what: `capWatch.check, ${size}, all counted`, value: busy, unit: "ms", goal: 5 },
  ];
}

/** Passes over projects that sleep: with the real view and ledger; content, cells and edge do nothing. */
async function pass(agent: Agent, size: string, projects: number): Promise<Row> {
  const { view, projects: table } = agent;
  for (let id = 1n; id <= projects; id++) {
    const { generation } = table.funding(id);
    const credit = { available: 9_000_000n, budget: 3_000_000n, nextBudget: 3_000_000n };
    table.setFunding(id, { epoch: EPOCH, credit, generation });
  }
  const stop = new AbortController();
  const reconciler = createReconciler({
    project: view.project,
    seat: (project) => view.seat(project, EPOCH),
    denies: () => false,
    funded: (projectId) => paysFor(table.funding(projectId), EPOCH),
    hosts: view.hosts,
    content: {
      has: () => true,
      get: async (cid) => {
        const manifest = { manifest: 2 } as Manifest;
        return { cid, folder: "", carPath: "", carBytes: 1, bytes: 1, files: 1, manifest };
      },
    },
    fetch: () => Promise.reject(new Error("nobody has it")),
    checkContent: () => {},
    cells: { start: () => Promise.reject(new Error("nothing starts")), prepare: async () => {} },
    edge: {
      setRoutes: () => {},
      removeRoutes: () => {},
      load: () => ({ inFlight: 0 }),
      cut: async () => {},
      retire: async () => {},
    },
    settings: { serveUnpaid: false, idleMs: 60_000, drainMs: 0, lingerMs: 0, warmBytes: 2 ** 30 },
    logger: pino({ level: "silent" }),
    signal: stop.signal,
  });
  const passAll = async () => {
    for (let id = 1n; id <= projects; id++) await reconciler.reconcile(id);
  };
  await passAll();
  const spans: number[] = [];
  for (let round = 0; round < 5; round++) {
    const began = performance.now();
    await passAll();
    spans.push(((performance.now() - began) / projects) * 1_000);
  }
  stop.abort();
  return { what: `a pass, ${size}`, value: rounded(median(spans)), unit: "µs" };
}

/** How long an agent that starts takes to read a ledger of many projects, a few of which are its own. */
async function start(): Promise<Row> {
  const directory = await mkdtemp(join(tmpdir(), "worker3-bench-"));
  try {
    const path = join(directory, "ledger.sqlite");
    const first = openAgent(path);
    const seats = (id: number) => [0, 1, 2].map((seat) => 1 + ((id * 7 + seat * 31) % NODES));
    fill(first, { projects: PROJECTS, versions: 1, seats });
    first.ledger.close();
    const value = await medianMs(() => {
      const agent = openAgent(path);
      if (agent.view.projectAt(`p-${PROJECTS}.${ZONE}`) !== BigInt(PROJECTS))
        throw new Error("a project is missing");
      agent.ledger.close();
    });
    const what = `the start of the view, ${PROJECTS} projects`;
    return { what, value, unit: "ms", goal: rounded(2_000 * (PROJECTS / 100_000)) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function medianMs(measured: () => void, before: () => void = () => {}): Promise<number> {
  const spans: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    before();
    await setImmediate();
    const began = performance.now();
    measured();
    spans.push(performance.now() - began);
  }
  return rounded(median(spans));
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
