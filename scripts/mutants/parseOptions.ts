import { parseArgs } from "node:util";
import { MutantsError } from "./MutantsError.ts";

export interface MutantsOptions {
  readonly help: boolean;
  readonly list: boolean;
  readonly json: boolean;
  /** The mutants to run, in their order; empty for all. */
  readonly only: readonly string[];
  /** How many run side by side. */
  readonly jobs: number;
}

export const USAGE = `Usage: npm run test:mutants -- [options]

Plants bugs in a copy of the contracts, one at a time, and shows which test catches each.

  --only NAME   this mutant alone; may be given several times
  --list        names the mutants and the rules they break, and runs none
  --jobs N      how many run side by side, 1 to 16 (1); each has a copy and a compiler of its own
  --json        one JSON document on stdout instead of the table
  --help
`;

const MAX_JOBS = 16;

/**
 * Reads the arguments of `npm run test:mutants`.
 *
 * @throws {MutantsError} `USAGE`, with the argument that is wrong.
 */
export function parseOptions(args: readonly string[], known: readonly string[]): MutantsOptions {
  const values = parse(args);
  const unknown = values.only.find((name) => !known.includes(name));
  if (unknown !== undefined) throw usage("There is no mutant of this name", unknown, "--list");

  const jobs = /^\d{1,2}$/.test(values.jobs) ? Number(values.jobs) : 0;
  if (jobs < 1 || jobs > MAX_JOBS) {
    throw usage(`--jobs is a whole number from 1 to ${MAX_JOBS}`, values.jobs, "--help");
  }
  return { ...values, jobs };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        only: { type: "string", multiple: true, default: [] },
        list: { type: "boolean", default: false },
        jobs: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause), args.join(" "), "--help");
  }
}

const usage = (message: string, value: string, option: string): MutantsError =>
  new MutantsError({ code: "USAGE", message, value, next: `npm run test:mutants -- ${option}` });
