import { CliError } from "../errors.ts";

/** Questions to a person, on stderr: stdout belongs to the document. */
export interface Prompts {
  /** Whether there is a person to ask. */
  readonly interactive: boolean;
  confirm(question: string, signal: AbortSignal): Promise<boolean>;
  password(question: string, signal: AbortSignal): Promise<string>;
}

/** Asks at the terminal of this process. What asks is loaded for a question. */
export function terminalPrompts(): Prompts {
  return {
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    confirm: (message, signal) =>
      answered(signal, "run it again and answer, or add --yes", async (signal) => {
        const { confirm } = await import("@inquirer/prompts");
        return confirm({ message, default: false }, { output: process.stderr, signal });
      }),
    password: (message, signal) =>
      answered(signal, "run it again and answer", async (signal) => {
        const { password } = await import("@inquirer/prompts");
        return password({ message, mask: true }, { output: process.stderr, signal });
      }),
  };
}

/**
 * Asks until there is an answer, the signal aborts, or there will be none: Ctrl-D, or a terminal that went away. Of those two
 * the library takes no notice, and waits for ever.
 */
async function answered<value>(
  signal: AbortSignal,
  next: string,
  ask: (signal: AbortSignal) => Promise<value>,
): Promise<value> {
  const closed = new AbortController();
  const close = (): void => closed.abort();
  const onKey = (_: string | undefined, key?: { ctrl?: boolean; name?: string }): void => {
    if (key?.ctrl === true && key.name === "d") close();
  };
  const { stdin } = process;
  stdin.on("keypress", onKey).once("end", close).once("close", close);
  try {
    return await ask(AbortSignal.any([signal, closed.signal]));
  } catch (cause) {
    if (!(cause instanceof Error) || !/^(ExitPromptError|AbortPromptError)$/.test(cause.name)) throw cause;
    const message = "The question was not answered, and nothing was done.";
    throw new CliError({ code: "ABORTED", message, next, cause });
  } finally {
    stdin.off("keypress", onKey).off("end", close).off("close", close);
  }
}
