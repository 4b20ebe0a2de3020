import { CommanderError } from "commander";
import type { Prompts } from "./context/prompts.ts";
import { settingsOf } from "./context/settings.ts";
import { createTransactionLog } from "./context/transactionLog.ts";
import { failureText } from "./failureText.ts";
import { createProgram, type Runner } from "./program.ts";
import type { RegisteredCommand } from "./registry.ts";
import { carryFlags, givenFlags } from "./text/carryFlags.ts";
import { toJson } from "./text/toJson.ts";
import { visibleText } from "./text/visibleText.ts";
import { usageFailure } from "./usageFailure.ts";

export interface RunCommandLineParameters {
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly commands: readonly RegisteredCommand[];
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream;
  /** Made when a command runs. */
  readonly prompts: () => Promise<Prompts>;
  readonly signal: AbortSignal;
}

/**
 * Runs one command line.
 *
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage, 3 nothing to compare. What went wrong is printed; nothing is thrown.
 */
export async function runCommandLine(parameters: RunCommandLineParameters): Promise<number> {
  const { commands, version, environment, stdout, stderr } = parameters;
  let ended: 0 | 1 | 3 = 0;
  const transactions = createTransactionLog();
  const run: Runner = async (definition, input, globals) => {
    const { createContext } = await import("./context/createContext.ts");
    const context = createContext({
      ...parameters,
      settings: settingsOf(globals, environment),
      prompts: await parameters.prompts(),
      onFailed: (exitCode) => {
        ended = exitCode;
      },
      transactions,
    });
    await definition.run(
      {
        ...context,
        note: (text) => context.note(carry(text)),
        out: (document, human, options) => context.out(document, carry(human), options),
      },
      input,
    );
  };
  const program = createProgram({ commands, run, write: (text) => stdout.write(visibleText(text)) });
  const args = wordsOf(parameters.args);
  const json = asksForJson(args);
  const carry = carryFlags({
    given: givenFlags(args),
    commands: commands.map(({ name }) => name),
    from: commandOf(args, commands),
  });
  if (args[0] === "--version") {
    stdout.write(`${version}\n`);
    return 0;
  }
  try {
    if (args.length === 0) throw new CommanderError(2, "worker3.none", "no command was given");
    await program.parseAsync(args, { from: "user" });
    return ended;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const command = commandOf(args, commands);
      const document = usageFailure(wordsFor(error), command);
      print(document);
      return 2;
    }
    const { failureOf } = await import("./failureOf.ts");
    const { document, exitCode, stack } = failureOf(error, transactions.all());
    const { shownFailure } = await import("./shownFailure.ts");
    const carried = document.next === undefined ? document : { ...document, next: carry(document.next) };
    print(json ? carried : shownFailure(carried));
    const verbose = args.includes("--verbose") || Boolean(environment.DEBUG);
    if (stack !== undefined && verbose) stderr.write(`${visibleText(stack)}\n`);
    return exitCode;
  }

  function print(document: Parameters<typeof failureText>[0]): void {
    if (json) stdout.write(`${toJson({ error: document })}\n`);
    else stderr.write(`${visibleText(failureText(document))}\n`);
  }
}

/** `help deploy` means `deploy --help`. */
function wordsOf([first, ...rest]: readonly string[]): string[] {
  if (first === "help") return [...rest, "--help"];
  return first === undefined ? [] : [first, ...rest];
}

/** Known before anything is parsed: also a wrong command line is answered in JSON. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).includes("--json");
}

/** Commander throws the help that it shows for `worker3 credit` as an error without words. */
function wordsFor({ code, message }: CommanderError): { message: string } {
  return {
    message: code === "commander.help" ? "one word more is needed: which command of this group" : message,
  };
}

function commandOf(args: readonly string[], commands: readonly RegisteredCommand[]): string {
  const words = args.filter((word) => !word.startsWith("-"));
  return commands.find(({ name }) => name === words[0])?.name ?? "";
}
