import { asset, ContractError, formatAmount, type NetworkClient } from "@worker3/sdk";
import type { Address } from "viem";

/**
 * Makes sure that an account holds what is to be taken from it, before anything is approved.
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
    next: `send the asset to ${who} first, or choose a smaller amount`,
  });
}
