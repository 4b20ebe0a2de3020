/** `npm run test:mutants -- [options]`: does each planted bug turn a test red? */
import { join } from "node:path";
import { MutantsError } from "./MutantsError.ts";
import { mutants } from "./mutants.ts";
import { countLine, outcomeTable } from "./outcomeTable.ts";
import { parseOptions, USAGE } from "./parseOptions.ts";
import { runMutants } from "./runMutants.ts";

const root = join(import.meta.dirname, "../..");
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const stopped = untilSignal();
process.exitCode = await main(process.argv.slice(2)).catch((thrown: unknown) => {
  const error: unknown = stopped.aborted ? stopped.reason : thrown;
  if (!(error instanceof MutantsError)) throw error;
  say(
    [`${error.code}: ${error.message}`, error.value, error.next && `Next: ${error.next}`]
      .filter(Boolean)
      .join("\n"),
  );
  return error.code === "USAGE" ? 2 : 1;
});

async function main(args: readonly string[]): Promise<number> {
  const names = mutants.map(({ name }) => name);
  const options = parseOptions(args, names);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (options.list) {
    const width = Math.max(...names.map(({ length }) => length));
    for (const { name, rule } of mutants) console.log(`${name.padEnd(width)}  ${rule}`);
    return 0;
  }

  const { only, jobs, json } = options;
  const chosen = only.length === 0 ? mutants : mutants.filter(({ name }) => only.includes(name));
  const outcomes = await runMutants({ root, mutants: chosen, jobs, say, signal: stopped });
  if (json) console.log(JSON.stringify({ mutants: outcomes }));
  else process.stdout.write(`\n${outcomeTable(outcomes)}`);
  if (json) say(countLine(outcomes));
  return outcomes.every(({ caughtBy }) => caughtBy !== undefined) ? 0 : 1;
}

/** Aborts at the first signal; what runs is stopped and the copy removed. */
function untilSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () =>
      controller.abort(new MutantsError({ code: "STOPPED", message: `Stopped by ${name}` })),
    );
  }
  return controller.signal;
}
