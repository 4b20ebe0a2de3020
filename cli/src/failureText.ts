import type { ToldTransaction } from "./context/transactionLog.ts";
import type { FailureDocument } from "./failureOf.ts";

const WORDS = {
  mined: "done before",
  reverted: "mined, and failed",
  sent: "sent, not seen in a block",
} as const satisfies Record<ToldTransaction["status"], string>;

/** A failure for a person: what happened, the value, what was done before, what to do next. */
export function failureText({
  code,
  message,
  value,
  next,
  txHash,
  transactions = [],
}: FailureDocument): string {
  const isTold = transactions.some((each) => each.txHash === txHash);
  return [
    `${below(message, "  ")} [${code}]`,
    ...(value === undefined || message.includes(value) ? [] : [`  value: ${below(value, "    ")}`]),
    ...(txHash === undefined || isTold ? [] : [`  transaction: ${txHash}`]),
    ...transactions.map((each) => `  ${WORDS[each.status]}: ${each.txHash} (${each.what})`),
    ...(next === undefined ? [] : [`  next: ${below(next, "    ")}`]),
  ].join("\n");
}

/** Lines that a stranger began (a file's name, what a worker printed) stand below ours, and pass for none of them. */
function below(text: string, indent: string): string {
  return text.replaceAll("\n", `\n${indent}`);
}
