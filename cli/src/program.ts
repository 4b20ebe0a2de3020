import { Command, InvalidArgumentError, Option } from "commander";
import type { CommandDefinition, CommandGroup, Input, Inputs } from "./command.ts";
import type { RegisteredCommand } from "./registry.ts";

/** Runs a command that was called rightly. */
export type Runner = (
  definition: CommandDefinition,
  input: Readonly<Record<string, unknown>>,
  globals: Readonly<Record<string, unknown>>,
) => Promise<void>;

export interface CreateProgramParameters {
  readonly commands: readonly RegisteredCommand[];
  readonly run: Runner;
  /** Takes the help. */
  readonly write: (text: string) => void;
}

/**
 * The command line as commander knows it. Of a command only name and summary are known until it is called; then its own
 * arguments are added, just before they are parsed.
 *
 * `--version` is none of its options: `split` has one of that name.
 *
 * @returns A program that throws `CommanderError` instead of ending the process, and writes no error itself.
 */
export function createProgram({ commands, run, write }: CreateProgramParameters): Command {
  const program = new Command("worker3")
    .description("Deploys Cloudflare-Workers projects to volunteers' machines, and shows what runs where.")
    .helpOption("-h, --help", "shows this help")
    .addHelpText("after", "\nworker3 --version shows the version, worker3 help <command> more of a command.")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined, outputError: () => undefined })
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .showSuggestionAfterError();
  for (const known of globalOptions()) program.addOption(known);

  const loaders = new Map<Command, RegisteredCommand>();
  for (const entry of commands) {
    loaders.set(program.command(entry.name).summary(entry.summary).description(entry.summary), entry);
  }
  program.hook("preSubcommand", async (_, called) => {
    const entry = loaders.get(called);
    if (entry === undefined) return;
    const definition = await entry.load();
    if ("commands" in definition) addGroup(called, definition, program, run);
    else addCommand(called, definition, program, run);
  });
  return program;
}

function globalOptions(): Option[] {
  return [
    new Option("--json", "one JSON document on stdout"),
    new Option("--network <name|file>", "the network (WORKER3_NETWORK; default: the devnet of this folder)"),
    new Option("--rpc <url>", "ask this RPC instead of the network's"),
    new Option("--key <hex>", "the private key to act with (WORKER3_PRIVATE_KEY)"),
    new Option("--keystore <file>", "an encrypted key (WORKER3_KEYSTORE_PASSWORD, or asks)"),
    new Option("-y, --yes", "do not ask before spending or destroying"),
    new Option("--verbose", "say more when something fails"),
  ];
}

function addGroup(word: Command, group: CommandGroup, program: Command, run: Runner): void {
  for (const definition of group.commands) {
    addCommand(word.command(definition.name).summary(definition.summary), definition, program, run);
  }
}

function addCommand(word: Command, definition: CommandDefinition, program: Command, run: Runner): void {
  const { arguments: taken, options } = definition;
  word.description(definition.description ?? definition.summary);
  for (const { syntax, summary, parse } of Object.values(taken)) {
    if (parse === undefined) word.argument(syntax, summary);
    else word.argument(syntax, summary, parserOf(parse));
  }
  for (const [name, input] of Object.entries(options)) {
    word.addOption(optionOf(name, input));
    if (input.negatable === true) word.addOption(new Option(`--no-${name}`, `takes ${input.syntax} back`));
  }
  if (definition.examples !== undefined) {
    word.addHelpText("after", `\nExamples:\n${definition.examples.map((line) => `  ${line}`).join("\n")}`);
  }
  word.action(async (...values: unknown[]) => {
    const names = Object.keys(taken);
    const input = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    await run(definition, { ...input, ...flagDefaults(options), ...word.opts() }, program.opts());
  });
}

function optionOf(name: string, { syntax, summary, parse, required = false }: Input<unknown>): Option {
  const made = new Option(syntax, summary);
  if (made.attributeName() !== name) throw new Error(`${syntax} is ${made.attributeName()}, not ${name}`);
  if (parse !== undefined) made.argParser(parserOf(parse));
  return made.makeOptionMandatory(required);
}

/** Options that come as late as these get no defaults from commander. */
function flagDefaults(options: Inputs): Record<string, boolean> {
  const flags = Object.entries(options).filter(
    ([, { syntax, negatable }]) => !/[<[]/.test(syntax) && negatable !== true,
  );
  return Object.fromEntries(flags.map(([name, { syntax }]) => [name, syntax.includes("--no-")]));
}

/** Whatever a parser throws is wrong usage. */
function parserOf(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Commander makes an error of its own of this one, and keeps the words alone.
      const next = error instanceof Error && "next" in error && error.next ? `\n(Next: ${error.next})` : "";
      throw new InvalidArgumentError(message + next);
    }
  };
}
