import type { Manifest } from "@worker3/sdk";
import { CliError } from "../../errors.ts";

/**
 * Refuses projects with storage or time before anything is sent: nodes of this version do not serve them. Once they do,
 * this is what goes.
 *
 * @throws {CliError} `UNSUPPORTED_BINDING`; `value` is the binding's name, or `triggers.crons`.
 */
export function refuseStorage({ bindings = [], crons = [] }: Manifest): void {
  const [binding] = bindings;
  if (binding === undefined && crons.length === 0) return;
  const what = binding === undefined ? "cron triggers" : `bindings of type ${binding.type}`;
  throw new CliError({
    code: "UNSUPPORTED_BINDING",
    message: `Nodes of this version do not serve projects with ${what}.`,
    value: binding === undefined ? "triggers.crons" : "name" in binding ? binding.name : binding.queue,
    next: "do without it for now",
  });
}
