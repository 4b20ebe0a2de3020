import type { Manifest } from "@worker3/sdk";
import { CliError } from "../../errors.ts";

/**
 * Refuses projects with storage or time before anything is sent: nodes of this version do not serve them. Once they do,
 * this is what goes.
 *
 * @throws {CliError} `UNSUPPORTED_BINDING`; `value` is the binding's name, `triggers.crons` or `migrations`.
 */
export function refuseStorage({ bindings = [], crons = [], migrations = [] }: Manifest): void {
  const [binding] = bindings;
  if (binding !== undefined) {
    throw unsupported(`bindings of type ${binding.type}`, "name" in binding ? binding.name : binding.queue);
  }
  if (crons.length > 0) throw unsupported("cron triggers", "triggers.crons");
  if (migrations.length > 0) throw unsupported("migrations of durable objects", "migrations");
}

function unsupported(what: string, value: string): CliError {
  return new CliError({
    code: "UNSUPPORTED_BINDING",
    message: `Nodes of this version do not serve projects with ${what}.`,
    value,
    next: "do without it for now",
  });
}
