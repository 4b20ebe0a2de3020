import { formatAmount } from "@worker3/sdk";
import { CliError } from "../../errors.ts";
import type { DeployOptions } from "./options.ts";

/**
 * Makes sure that a new project begins with credit for an epoch: without it no node serves it.
 *
 * @param budget What all seats may charge in one epoch, in base units.
 * @throws {CliError} `NO_CREDIT`
 */
export function checkFirstDeposit({ deposit = 0n, domain, directory }: DeployOptions, budget: bigint): void {
  if (deposit >= budget) return;
  throw new CliError({
    code: "NO_CREDIT",
    message: `A new project needs credit before nodes serve it: one epoch may cost ${formatAmount(budget)}, and ${formatAmount(deposit)} would be deposited.`,
    value: String(deposit),
    next: `worker3 deploy ${directory} --domain ${domain} --deposit ${formatAmount(budget)}; later ones by worker3 credit deposit ${domain} <amount>`,
  });
}
