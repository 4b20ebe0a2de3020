import { asset, type Call, escrow, formatAmount, type NetworkWriter, type WriteOptions } from "@worker3/sdk";
import type { Address } from "viem";

/**
 * Pays into a project's credit.
 *
 * @param amount Base units; undefined or 0: nothing is done.
 * @returns The deposit's transaction.
 * @throws What the writes throw.
 */
export async function payDeposit(
  client: NetworkWriter,
  parameters: {
    readonly projectId: bigint;
    readonly amount: bigint | undefined;
    readonly writes: WriteOptions;
  },
): Promise<`0x${string}` | undefined> {
  const { projectId, amount = 0n, writes } = parameters;
  if (amount === 0n) return undefined;
  const payment = { projectId, amount, ...writes };
  const call = escrow.deposit.call(client, payment);
  const send = () => escrow.deposit(client, payment);
  return (await asset.spend(client, { ...spenderOf(client), amount, call, send, ...writes })).txHash;
}

/**
 * Pays into the credit of the project that `deploy` of an account to a domain goes to. A new project is paid so: its number
 * could become that of another in a chain that is reorganised.
 *
 * @param parameters.amount Base units; 0: nothing is done.
 * @throws What the writes throw.
 */
export async function payDepositAt(
  client: NetworkWriter,
  parameters: escrow.AmountAt & { readonly writes: WriteOptions },
): Promise<(escrow.Deposited & { readonly txHash: `0x${string}` }) | undefined> {
  const { writes, ...payment } = parameters;
  const { amount } = payment;
  if (amount === 0n) return undefined;
  const call = escrow.depositAt.call(client, payment);
  const send = () => escrow.depositAt(client, { ...payment, ...writes });
  return asset.spend(client, { ...spenderOf(client), amount, call, send, ...writes });
}

/** Approves what `payDepositAt` will take, where that is missing. */
export async function approveDeposit(
  client: NetworkWriter,
  { amount, writes }: { readonly amount: bigint; readonly writes: WriteOptions },
): Promise<void> {
  if (amount > 0n) await asset.ensureAllowance(client, { ...spenderOf(client), amount, ...writes });
}

/**
 * Makes sure before anything is sent that the credit could be paid: the balance, and whatever the token or the escrow would
 * refuse with.
 *
 * @throws As `asset.checkSpending`.
 */
export async function checkDeposit(
  client: NetworkWriter,
  { projectId, amount = 0n }: { readonly projectId: bigint; readonly amount: bigint | undefined },
): Promise<void> {
  if (amount === 0n) return;
  const call = escrow.deposit.call(client, { projectId, amount });
  await asset.checkSpending(client, { ...spenderOf(client), amount, call });
}

/**
 * The same for a project that is not there yet.
 *
 * @param parameters.after The call that makes it.
 * @throws As `asset.checkSpending`.
 */
export async function checkDepositAt(
  client: NetworkWriter,
  { after, ...payment }: escrow.AmountAt & { readonly after: readonly Call[] },
): Promise<void> {
  const { amount } = payment;
  if (amount === 0n) return;
  const call = escrow.depositAt.call(client, payment);
  await asset.checkSpending(client, { ...spenderOf(client), amount, call, after });
}

function spenderOf({ network }: NetworkWriter): { readonly spender: Address } {
  return { spender: network.contracts.creditEscrow };
}

/** How to deposit by hand. */
export function depositCommand(projectId: bigint, amount: bigint): string {
  return `worker3 credit deposit ${projectId} ${formatAmount(amount)}`;
}
