import { parseArgs } from "node:util";

/** One command of a run. Its tests are counted by what its runner prints; a command without tests counts as one. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Steps that have to go well before this one starts. */
  readonly needs?: readonly string[];
  /** It asserts times or shares, which others would change: it runs after all others, and nothing runs beside it. */
  readonly alone?: boolean;
  /** What its environment has besides that of the run. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What was asked for on the command line. */
export interface RunOptions {
  readonly help: boolean;
  /** Only print the steps. */
  readonly list: boolean;
  /** Keep how long the steps take as what is typical, in git. */
  readonly record: boolean;
  /** How many steps run side by side; undefined leaves it to the run. */
  readonly lanes: number | undefined;
  /** Names of steps, or parts of them; none means all. */
  readonly names: readonly string[];
}

/** The command line is wrong; the message says how, and what would be right. */
export class UsageError extends Error {}

/** Reads `[--list] [--record] [--lanes N] [NAME...]`. @throws {UsageError} */
export function parseRunOptions(args: readonly string[]): RunOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        list: { type: "boolean", default: false },
        record: { type: "boolean", default: false },
        lanes: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const { help, list, record, lanes } = values;
    if (lanes !== undefined && !/^[1-9]\d?$/.test(lanes)) {
      throw new UsageError(`--lanes is a whole number from 1 to 99, not "${lanes}"`);
    }
    return { help, list, record, lanes: lanes === undefined ? undefined : Number(lanes), names: positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The steps whose name is one of `names`, or has one of them in it, with all that these need, in the order of `steps`.
 * Capital letters do not matter. No names: all steps.
 *
 * @throws {UsageError} for a name that no step has, with the names that there are.
 */
export function chooseSteps(steps: readonly Step[], names: readonly string[]): readonly Step[] {
  if (names.length === 0) return steps;
  const chosen = new Set<Step>();
  const add = (step: Step): void => {
    if (chosen.has(step)) return;
    chosen.add(step);
    for (const need of step.needs ?? []) add(stepOf(steps, need));
  };
  for (const name of names) {
    const wanted = name.toLowerCase();
    const exact = steps.filter((step) => step.name.toLowerCase() === wanted);
    const found = exact.length > 0 ? exact : steps.filter((step) => step.name.toLowerCase().includes(wanted));
    if (found.length === 0) {
      throw new UsageError(`There is no step "${name}". The steps are:\n${namesOf(steps)}`);
    }
    found.forEach(add);
  }
  return steps.filter((step) => chosen.has(step));
}

function stepOf(steps: readonly Step[], name: string): Step {
  const found = steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`a step needs "${name}", which is none`);
  return found;
}

function namesOf(steps: readonly Step[]): string {
  return steps.map(({ name }) => `  ${name}`).join("\n");
}
