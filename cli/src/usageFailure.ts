import type { ErrorDocument } from "@worker3/sdk";
import type { CommanderError } from "commander";

/**
 * What commander says of a wrong command line, as the document of every failure.
 *
 * Without the sdk, which takes a second to load: a typing error is answered at once.
 *
 * @param command The words that were found to be a command: `credit deposit`.
 */
export function usageFailure({ message }: Pick<CommanderError, "message">, command: string): ErrorDocument {
  const [first = "", ...others] = message.replace(/^error: /, "").split("\n");
  const suggestion = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(others.join(" "))?.[1];
  const next = /^\(Next: (.+)\)$/.exec(others.join(" "))?.[1];
  const value = /argument '(.*)' is invalid/.exec(first)?.[1] ?? /'([^']*)'/.exec(first)?.[1];
  return {
    code: "USAGE",
    message: sentence(first),
    ...(value === undefined ? {} : { value }),
    next:
      next ??
      (suggestion === undefined
        ? `see ${["worker3", command, "--help"].filter(Boolean).join(" ")}`
        : `did you mean ${suggestion}?`),
  };
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
