/**
 * `npm run test:chaos -- short`: a network of real parts under steady load, to which one thing after the other happens. At the end
 * nothing may be lost beyond what the docs state, nothing doubled, and every project answers.
 */
import { parseArgs } from "node:util";
import { findFaketime } from "../../scripts/interop/faketime.ts";
import { ChaosWorld } from "./ChaosWorld.ts";
import { type Fault, hold } from "./faults/Fault.ts";
import { machineFaults } from "./faults/machine.ts";
import { rpcFaults } from "./faults/rpcs.ts";
import { byEpoch, judge } from "./judge.ts";
import { startChaosLoad } from "./load.ts";
import { shuffled } from "./shuffled.ts";

/** How often everything happens, and how long a state lasts. */
const SIZES = {
  short: { rounds: 1, holdMs: 4_500, restMs: 1_000 },
  long: { rounds: 10, holdMs: 12_000, restMs: 4_000 },
} as const;

const USAGE = "usage: npm run test:chaos -- short|long [--seed N] [--only TEXT]";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string" }, only: { type: "string" } },
  });
  const [name = ""] = positionals;
  const size = name === "short" || name === "long" ? SIZES[name] : undefined;
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  if (size === undefined || !Number.isSafeInteger(seed)) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const known = [...rpcFaults, ...machineFaults].filter((fault) => fault.name.includes(values.only ?? ""));
  const faults = Array.from({ length: size.rounds }, (_, i) => shuffled(known, seed + i)).flat();
  console.log(`seed ${seed}: ${faults.length} things happen`);
  const failures = await happen(faults, size);
  for (const failure of failures) console.log(`  ✗ ${failure}`);
  // The counts that the runner of tests reads.
  console.log(`\n  ${failures.length === 0 ? faults.length : 0} passing`);
  if (failures.length > 0) console.log(`  ${failures.length} failing`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

async function happen(
  faults: readonly Fault[],
  { holdMs, restMs }: { readonly holdMs: number; readonly restMs: number },
): Promise<string[]> {
  const started = performance.now();
  const say = (text: string) =>
    console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${text}`);
  const world = await ChaosWorld.start(findFaketime());
  try {
    const load = startChaosLoad(await world.deployProjects());
    await world.untilAllAnswer();
    for (const fault of faults) {
      say(fault.name);
      await fault.run(world, holdMs);
      await world.untilSynced();
      await hold(restMs);
    }
    say("all is over: every project has to answer, and a new one to be served");
    await world.untilAllAnswer();
    await world.deploy("after", { "index.html": "after\n" });
    const seen = await load.stop();
    for (const { place, sent, answeredAtMs, others } of seen) {
      const met = [...others].map(([what, times]) => `${times} ${what}`).join(", ");
      say(
        `project ${place.projectId} on node ${place.nodeId}: ${answeredAtMs.length} of ${sent} answered; ${met}`,
      );
    }
    const counted = await world.untilCounted();
    const failures = judge({ seen, counted, edgeKills: world.edgeKills });
    if (failures.length === 0) return [];
    for (const line of byEpoch({ seen, counted }, (ms) => world.epochAtMs(ms))) say(line);
    for (const line of await world.moneyLog()) say(line);
    return failures;
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  } finally {
    say("stops");
    await world.stop();
  }
}

await main();
process.exit();
