import type { CommandContext } from "./context/CommandContext.ts";

/** One argument or option of a command, with how its text becomes a value. */
export interface Input<value> {
  /** In commander's words: `<project>`, `[dir]`, `<epochs...>`, `--to <version>`, `-o, --output <file>`, `--all`. */
  readonly syntax: string;
  readonly summary: string;
  /** Throws with a sentence when the text is wrong; absent: the text itself. Not for flags. */
  readonly parse?: ((text: string) => value) | undefined;
  /** Whether an option has to be there; arguments say so by `<>`. */
  readonly required?: boolean | undefined;
  /** Whether a flag has an opposite, as `--no-spa` to `--spa`: undefined where neither is given. */
  readonly negatable?: boolean | undefined;
}

export type Inputs = Readonly<Record<string, Input<unknown>>>;
export type ValuesOf<inputs extends Inputs> = {
  readonly [name in keyof inputs]: inputs[name] extends Input<infer value> ? value : never;
};

/** A command: what it takes and what it does. */
export interface CommandDefinition {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** More than the summary, for the command's own help. */
  readonly description?: string | undefined;
  /** In order. */
  readonly arguments: Inputs;
  /** Each under the name that commander gives it: `--env <name>` is `env`, `--no-wait` is `wait`. */
  readonly options: Inputs;
  /** Lines of the help: `worker3 rollback shop.worker3.dev --to 3`. */
  readonly examples?: readonly string[] | undefined;
  run(context: CommandContext, input: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Commands under one word, such as `credit deposit`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandDefinition[];
}

/** A command, with the types of what `run` gets: its arguments and options in one object. */
export function defineCommand<
  const taken extends Inputs = Readonly<Record<never, never>>,
  const chosen extends Inputs = Readonly<Record<never, never>>,
>(
  definition: Omit<CommandDefinition, "arguments" | "options" | "run"> & {
    readonly arguments?: taken;
    readonly options?: chosen;
    run(context: CommandContext, input: ValuesOf<taken> & ValuesOf<chosen>): Promise<void>;
  },
): CommandDefinition {
  const { run, ...rest } = definition;
  return {
    arguments: {},
    options: {},
    ...rest,
    run: (context, input) => run(context, input as ValuesOf<taken> & ValuesOf<chosen>),
  };
}

/** An argument that has to be there: `<project>`. */
export function argument(syntax: string, summary: string): Input<string>;
export function argument<value>(
  syntax: string,
  summary: string,
  parse: (text: string) => value,
): Input<value>;
export function argument(syntax: string, summary: string, parse?: (text: string) => unknown): Input<unknown> {
  return { syntax, summary, parse };
}

/** An argument that may be absent: `[dir]`. */
export function optionalArgument(syntax: string, summary: string): Input<string | undefined>;
export function optionalArgument<value>(
  syntax: string,
  summary: string,
  parse: (text: string) => value,
): Input<value | undefined>;
export function optionalArgument(
  syntax: string,
  summary: string,
  parse?: (text: string) => unknown,
): Input<unknown> {
  return { syntax, summary, parse };
}

/** An option with a value, that may be absent. */
export function option(syntax: string, summary: string): Input<string | undefined>;
export function option<value>(
  syntax: string,
  summary: string,
  parse: (text: string) => value,
): Input<value | undefined>;
export function option(syntax: string, summary: string, parse?: (text: string) => unknown): Input<unknown> {
  return { syntax, summary, parse };
}

/** An option with a value, that has to be there. */
export function requiredOption(syntax: string, summary: string): Input<string>;
export function requiredOption<value>(
  syntax: string,
  summary: string,
  parse: (text: string) => value,
): Input<value>;
export function requiredOption(
  syntax: string,
  summary: string,
  parse?: (text: string) => unknown,
): Input<unknown> {
  return { syntax, summary, parse, required: true };
}

/** `--all` (false without it), or `--no-wait` (true without it). */
export function flag(syntax: string, summary: string): Input<boolean> {
  return { syntax, summary };
}

/** `--spa` (true) and `--no-spa` (false): undefined without either. */
export function eitherFlag(syntax: string, summary: string): Input<boolean | undefined> {
  return { syntax, summary, negatable: true };
}
