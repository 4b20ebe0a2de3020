import type { ErrorDocument } from "@worker3/sdk";

/** A failure for a person: what happened, the value, what to do next. */
export function failureText({ code, message, value, next, txHash }: ErrorDocument): string {
  return [
    `${message} [${code}]`,
    ...(value === undefined || message.includes(value) ? [] : [`  value: ${value}`]),
    ...(txHash === undefined ? [] : [`  transaction: ${txHash}`]),
    ...(next === undefined ? [] : [`  next: ${next}`]),
  ].join("\n");
}
