import type { NetworkClient } from "@worker3/sdk";
import { type Address, formatEther } from "viem";

/**
 * Gas that an operator pays in a week of daily epochs: seven batches of about ten receipts, a claim, a promise to take
 * projects, and as much again for what is sent twice.
 */
const WEEK_GAS = 4_500_000n;
/** A batch of one receipt: with less nothing can be handed in. */
const BATCH_GAS = 124_000n;

/** What an operator should have, at today's price of gas. */
export interface OperatorGas {
  readonly balanceWei: bigint;
  /** For about a week. */
  readonly weekWei: bigint;
  /** For one batch of receipts. */
  readonly leastWei: bigint;
}

/** @throws Whatever the RPC fails with. */
export async function operatorGas(client: NetworkClient, operator: Address): Promise<OperatorGas> {
  const [balanceWei, price] = await Promise.all([
    client.publicClient.getBalance({ address: operator }),
    client.publicClient.getGasPrice(),
  ]);
  return { balanceWei, weekWei: roundUp(WEEK_GAS * price), leastWei: BATCH_GAS * price };
}

/** A round number of at most one digit, so that nobody takes it for exact: `0.005`. */
export function coinText(wei: bigint): string {
  return formatEther(roundUp(wei));
}

/** What to tell of an operator that cannot hand in a receipt; undefined where it can. */
export function gasDoubt(operator: Address, gas: OperatorGas): string | undefined {
  const { balanceWei, weekWei, leastWei } = gas;
  if (balanceWei >= leastWei) return undefined;
  return `The operator ${operator} has ${formatEther(balanceWei)} of the chain's coin and cannot pay for the node's own transactions: without them nothing that it serves is paid. About ${coinText(weekWei)} last a week at today's price of gas.`;
}

function roundUp(wei: bigint): bigint {
  if (wei === 0n) return 0n;
  const unit = 10n ** BigInt(String(wei).length - 1);
  return ((wei + unit - 1n) / unit) * unit;
}
