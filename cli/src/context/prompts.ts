import { confirm, password } from "@inquirer/prompts";
import { CliError } from "../errors.ts";

/** Questions to a person, on stderr: stdout belongs to the document. */
export interface Prompts {
  /** Whether there is a person to ask. */
  readonly interactive: boolean;
  confirm(question: string, signal: AbortSignal): Promise<boolean>;
  password(question: string, signal: AbortSignal): Promise<string>;
}

/** Asks at the terminal of this process. */
export function terminalPrompts(): Prompts {
  return {
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    confirm: (message, signal) =>
      answered(confirm({ message, default: false }, { output: process.stderr, signal })),
    password: (message, signal) =>
      answered(password({ message, mask: true }, { output: process.stderr, signal })),
  };
}

async function answered<value>(answer: Promise<value>): Promise<value> {
  try {
    return await answer;
  } catch (cause) {
    if (!(cause instanceof Error) || !/^(ExitPromptError|AbortPromptError)$/.test(cause.name)) throw cause;
    throw new CliError({ code: "ABORTED", message: "The question was not answered.", cause });
  }
}
