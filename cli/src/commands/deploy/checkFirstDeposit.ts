import { formatAmount } from "@worker3/sdk";
import { CliError } from "../../errors.ts";
import { shellWord } from "../../text/shellWord.ts";
import type { DeployOptions } from "./options.ts";
import { defaultDeposit, reserveOf, type Terms } from "./reserve.ts";

/**
 * Makes sure that a new project begins with credit for an epoch: without it no node serves it. What may still be charged
 * for the last `late` epochs is set aside, used or not: less than `late + 1` budgets lasts for the first epochs only.
 *
 * @param deposit Base units.
 * @returns A notice where the deposit does not last.
 * @throws {CliError} `NO_CREDIT`
 */
export function checkFirstDeposit(
  { domain, directory }: Pick<DeployOptions, "domain" | "directory">,
  { deposit, terms }: { readonly deposit: bigint; readonly terms: Terms },
): string | undefined {
  const lasting = reserveOf(terms);
  const { late } = terms;
  const budget = terms.cap * BigInt(terms.seats);
  if (deposit >= lasting) return undefined;
  if (deposit >= budget) {
    return (
      `nodes set aside what they may still charge for ${late} epochs: below ${formatAmount(lasting)} of credit they stop ` +
      `serving after the first epochs (worker3 credit deposit ${domain} <amount>)`
    );
  }
  throw new CliError({
    code: "NO_CREDIT",
    message: `A new project needs credit before nodes serve it: one epoch may cost ${formatAmount(budget)}, ${formatAmount(lasting)} lasts, and ${formatAmount(deposit)} would be deposited. Without --deposit it would be ${formatAmount(defaultDeposit(terms))}.`,
    value: String(deposit),
    next: `worker3 deploy ${shellWord(directory)} --domain ${domain} --deposit ${formatAmount(lasting)}; later ones by worker3 credit deposit ${domain} <amount>`,
  });
}
