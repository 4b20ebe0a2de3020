import { parseArgs } from "node:util";
import { type Assumptions, DEFAULT_ASSUMPTIONS } from "./assumptions.ts";

export interface SimulateOptions {
  readonly epochs: number;
  readonly worlds: number;
  readonly seed: number;
  /** Names of strategies; none: all. */
  readonly strategies: readonly string[];
  /** Stand above the defaults and above what strategies assume. */
  readonly assume: Partial<Assumptions>;
  readonly json: boolean;
  readonly markdown: boolean;
  readonly onChain: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: npm run simulate -- [options]

What cheating earns against honesty, on the pure model of the contracts; docs/economics.md says what it assumes.

  --epochs N        epochs (days) of each world (365)
  --worlds N        worlds, each with its own seed, cheated in and honest (4)
  --seed N          the first world's (1)
  --strategy NAME   only this one; may be given again
  --assume KEY=N    another assumption than the default one; may be given again
  --json            one line of JSON for each strategy
  --markdown        the table as in docs/economics.md
  --on-chain        replays a short run of each strategy on the real contracts and compares every balance
  --help
`;

/**
 * Reads the arguments of `npm run simulate`.
 *
 * @param known The names of all strategies.
 * @throws Error that says which argument is wrong and what it may be.
 */
export function parseOptions(args: readonly string[], known: readonly string[]): SimulateOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      epochs: { type: "string", default: "365" },
      worlds: { type: "string", default: "4" },
      seed: { type: "string", default: "1" },
      strategy: { type: "string", multiple: true, default: [] },
      assume: { type: "string", multiple: true, default: [] },
      json: { type: "boolean", default: false },
      markdown: { type: "boolean", default: false },
      "on-chain": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const unknown = values.strategy.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`There is no strategy "${unknown}". There are: ${known.join(", ")}.`);
  return {
    epochs: whole("--epochs", values.epochs, 1, 100_000),
    worlds: whole("--worlds", values.worlds, 1, 1_000),
    seed: whole("--seed", values.seed, 0, 2 ** 31),
    strategies: values.strategy,
    assume: Object.fromEntries(values.assume.map(assumption)),
    json: values.json,
    markdown: values.markdown,
    onChain: values["on-chain"],
    help: values.help,
  };
}

/** `attention=0.1`. */
function assumption(text: string): [string, number] {
  const [, key = "", number = ""] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const value = Number(number);
  if (key in DEFAULT_ASSUMPTIONS && number.trim() !== "" && Number.isFinite(value)) return [key, value];
  const keys = Object.keys(DEFAULT_ASSUMPTIONS).join(", ");
  throw new Error(`--assume is "${text}"; it has to be KEY=NUMBER, where KEY is one of ${keys}.`);
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name} is "${text}"; it has to be a whole number from ${least} to ${most}.`);
}
