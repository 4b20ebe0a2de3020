import { ContractError, Worker3Error } from "@worker3/sdk";

/** An error as the log has it. Absent fields are left out. */
export interface ErrorEntry {
  /** The name of its class. */
  readonly type: string;
  readonly message: string;
  /** Where it was thrown, without the message; of an error that worker3 throws on purpose code and value say more. */
  readonly stack?: string;
  readonly cause?: unknown;
  /** The parts of an AggregateError. */
  readonly errors?: readonly unknown[];
  /** What else it carries in plain values: `code`, `value` and `next` of a Worker3Error, the system's `errno`, ... */
  readonly [name: string]: unknown;
}

/** Errors that cause each other end here. */
const MAX_DEPTH = 8;
const SAID_ALREADY: ReadonlySet<string> = new Set(["name", "message", "shortMessage", "stack", "cause"]);

/**
 * What the log keeps of whatever was thrown: a `Worker3Error` as its document, any other error with its stack, both with
 * everything that caused them. What is no error comes back as it is.
 */
export function errorEntry(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return thrown;
  if (depth > MAX_DEPTH) return "(and so on)";
  const isOurs = thrown instanceof Worker3Error;
  const clean = isOurs ? (text: string) => text : withoutPaths;
  const entry: Record<string, unknown> = { type: thrown.name, message: clean(messageOf(thrown)) };
  for (const [name, value] of Object.entries(thrown)) {
    if (SAID_ALREADY.has(name)) continue;
    if (typeof value === "string") entry[name] = clean(value);
    else if (["number", "bigint", "boolean"].includes(typeof value)) entry[name] = value;
  }
  // A refusal whose name is known is said in full by itself; its cause is the RPC's answer, raw.
  const cause = thrown instanceof ContractError && thrown.errorName !== undefined ? undefined : thrown.cause;
  const stack = isOurs ? "" : framesOf(thrown);
  return {
    ...entry,
    ...(stack === "" ? {} : { stack }),
    ...(cause === undefined ? {} : { cause: errorEntry(cause, depth + 1) }),
    ...(thrown instanceof AggregateError
      ? { errors: thrown.errors.map((part: unknown) => errorEntry(part, depth + 1)) }
      : {}),
  };
}

/** viem's messages repeat the whole request; its short ones do not. */
function messageOf(error: Error & { readonly shortMessage?: unknown }): string {
  return typeof error.shortMessage === "string" ? error.shortMessage : error.message;
}

function framesOf({ stack = "" }: Error): string {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");
}

/** The path of an RPC's address often holds a key, and libraries put the whole address into what they say. */
function withoutPaths(text: string): string {
  return text.replace(/\b(?:https?|wss?):\/\/[^\s"'<>]+/g, (url) =>
    URL.canParse(url) ? `${new URL(url).protocol}//${new URL(url).host}` : "(an address)",
  );
}
