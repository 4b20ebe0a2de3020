import { asset, ContractError, formatAmount, type NetworkClient } from "@worker3/sdk";
import type { Address } from "viem";
import { CliError } from "../../errors.ts";
import type { DeployOptions } from "./options.ts";

/**
 * Makes sure that an account holds what is to be deposited.
 *
 * @throws {ContractError} `INSUFFICIENT_BALANCE`, as the asset would say.
 */
export async function checkBalance(
  client: NetworkClient,
  { who, amount }: { who: Address; amount: bigint | undefined },
): Promise<void> {
  if (amount === undefined) return;
  const balance = await asset.balanceOf(client, { who });
  if (balance >= amount) return;
  throw new ContractError({
    code: "INSUFFICIENT_BALANCE",
    message: `${who} holds ${formatAmount(balance)} of the asset; ${formatAmount(amount)} are needed.`,
    value: String(balance),
    next: `send the asset to ${who} first, or deposit less`,
  });
}

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
