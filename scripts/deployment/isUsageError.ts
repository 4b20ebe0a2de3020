import type { Worker3Error } from "@worker3/sdk";

const USAGE: ReadonlySet<string> = new Set([
  "USAGE",
  "NO_NETWORK",
  "NETWORK_NOT_LOCAL",
  "NETWORK_UNREADABLE",
  "NETWORK_INVALID",
  "NO_ACCESS_MANAGER",
  "NO_CONTRACT",
  "NO_PARAMETERS",
  "PARAMETERS_INVALID",
  "PARAMETERS_INCOMPLETE",
]);

/** Whether what was given is wrong, so that nothing was looked at: exit code 2. */
export function isUsageError({ code }: Worker3Error): boolean {
  return USAGE.has(code);
}
