import { inspect } from "node:util";
import { type ErrorDocument, Worker3Error } from "@worker3/sdk";
import type { ToldTransaction } from "./context/transactionLog.ts";
import { UsageError } from "./errors.ts";
import { systemFailure } from "./systemFailure.ts";

/** What is printed of a command that threw. */
export interface FailureDocument extends ErrorDocument {
  /** What the command had sent before, in order, without what `txHash` names and nobody knows the end of; absent: nothing. */
  transactions?: readonly ToldTransaction[];
}

/** How a command ends that threw. */
export interface Failure {
  readonly document: FailureDocument;
  readonly exitCode: 1 | 2;
  /** Of a bug or a refusal of the system, with what caused it: for whoever asks for more. */
  readonly stack: string | undefined;
}

/**
 * What was thrown, as the document that is printed. Whatever is no error of worker3, and no refusal of the system, is a bug:
 * `INTERNAL`.
 *
 * @param sent The command's transactions: half of a command may be done. `txHash` is the error's own, or the last of those
 *   that are done.
 */
export function failureOf(error: unknown, sent: readonly ToldTransaction[] = []): Failure {
  const failure = failureAlone(error);
  const { document } = failure;
  const transactions = sent.filter((each) => each.status !== "sent" || each.txHash !== document.txHash);
  if (transactions.length === 0) return failure;
  const txHash = document.txHash ?? transactions.findLast(({ status }) => status === "mined")?.txHash;
  return { ...failure, document: { ...document, ...(txHash && { txHash }), transactions } };
}

function failureAlone(error: unknown): Failure {
  if (error instanceof Worker3Error) {
    const exitCode = error instanceof UsageError ? 2 : 1;
    return { document: error.toJSON(), exitCode, stack: undefined };
  }
  if (error instanceof DOMException && error.name === "AbortError") {
    return {
      document: { code: "ABORTED", message: sentenceOf(error.message) },
      exitCode: 1,
      stack: undefined,
    };
  }
  const refused = systemFailure(error);
  if (refused !== undefined) return { document: refused, exitCode: 1, stack: inspect(error) };
  const thrown = error instanceof Error ? error : new Error(String(error));
  return {
    document: {
      code: "INTERNAL",
      message: `worker3 has a bug: ${thrown.message.split("\n")[0]}`,
      next: "run it again with --verbose and report what it prints",
    },
    exitCode: 1,
    stack: inspect(thrown),
  };
}

/** `stopped by SIGINT`, as `main.ts` aborts. */
function sentenceOf(reason: string): string {
  return `The command was ${reason}.`;
}
