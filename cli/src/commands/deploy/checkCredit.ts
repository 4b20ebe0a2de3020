import { formatAmount } from "@worker3/sdk";
import { CliError } from "../../errors.ts";
import { shellWord } from "../../text/shellWord.ts";
import type { DeployOptions } from "./options.ts";

/** What keeps a project served: what may still be charged for the last `late` epochs, and one budget for the running one. */
export function lastingDeposit({ budget, late }: { budget: bigint; late: number }): bigint {
  return budget * BigInt(late + 1);
}

/**
 * Makes sure that a new project begins with credit for an epoch: without it no node serves it. What may still be charged
 * for the last `late` epochs is set aside, used or not: less than `late + 1` budgets lasts for the first epochs only.
 *
 * @param terms.budget What all seats may charge in one epoch, in base units.
 * @returns A notice where the deposit does not last.
 * @throws {CliError} `NO_CREDIT`
 */
export function checkFirstDeposit(
  { deposit: given, domain, directory, dryRun }: DeployOptions,
  { budget, late }: { budget: bigint; late: number },
): string | undefined {
  const deposit = given ?? 0n;
  const lasting = lastingDeposit({ budget, late });
  if (deposit >= lasting) return undefined;
  if (deposit >= budget) {
    return (
      `nodes set aside what they may still charge for ${late} epochs: below ${formatAmount(lasting)} of credit they stop ` +
      `serving after the first epochs (worker3 credit deposit ${domain} <amount>)`
    );
  }
  // Who only asks what it costs need not know it before.
  if (dryRun && given === undefined) {
    return `a new project needs credit before nodes serve it: --deposit ${formatAmount(lasting)} lasts, --deposit ${formatAmount(budget)} is the least`;
  }
  throw new CliError({
    code: "NO_CREDIT",
    message: `A new project needs credit before nodes serve it: one epoch may cost ${formatAmount(budget)}, and ${formatAmount(deposit)} would be deposited.`,
    value: String(deposit),
    next: `worker3 deploy ${shellWord(directory)} --domain ${domain} --deposit ${formatAmount(lasting)}; later ones by worker3 credit deposit ${domain} <amount>`,
  });
}
