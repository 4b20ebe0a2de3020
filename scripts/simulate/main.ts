/** `npm run simulate`: what cheating earns against honesty. */
import { type Comparison, compareStrategy, type Twins } from "./compareStrategy.ts";
import { parseOptions, type SimulateOptions, USAGE } from "./parseOptions.ts";
import { replayStrategy } from "./replayStrategy.ts";
import type { Strategy } from "./Strategy.ts";
import { strategies } from "./strategies/index.ts";
import { tableOf } from "./table.ts";

/** Long enough for receipts, disputes and decisions; a chain needs a second for about a hundred calls. */
const ON_CHAIN_EPOCHS = 20;

try {
  const options = parseOptions(
    process.argv.slice(2),
    strategies.map(({ name }) => name),
  );
  const chosen = strategies.filter(
    ({ name }) => options.strategies.length === 0 || options.strategies.includes(name),
  );
  if (options.help) console.log(USAGE);
  else if (options.onChain) await replay(chosen, options);
  else simulate(chosen, options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function simulate(chosen: readonly Strategy[], options: SimulateOptions): void {
  const { epochs, worlds, seed, assume, json, markdown } = options;
  const twins: Twins = new Map();
  const results: Comparison[] = [];
  for (const strategy of chosen) {
    const result = compareStrategy(strategy, options, twins);
    results.push(result);
    if (json) console.log(JSON.stringify(result));
  }
  if (json) return;
  const assumed = Object.entries(assume).map(([key, value]) => `; ${key} = ${value}`);
  console.log(`${worlds} worlds of ${epochs} epochs from seed ${seed}; USD an epoch${assumed.join("")}\n`);
  console.log(tableOf(results, markdown));
}

async function replay(chosen: readonly Strategy[], { seed, json }: SimulateOptions): Promise<void> {
  for (const strategy of chosen) {
    const { done, refusals, valuesCompared } = await replayStrategy(strategy, ON_CHAIN_EPOCHS, seed);
    const [made, refused] = [sum(done.values()), sum(refusals.values())];
    const { name } = strategy;
    if (json) console.log(JSON.stringify({ name, made, refused, valuesCompared }));
    else
      console.log(
        `${name}: ${made} calls made and ${refused} refused as foreseen, ${valuesCompared} values equal`,
      );
  }
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
