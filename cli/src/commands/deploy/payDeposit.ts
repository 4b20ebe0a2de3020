import { asset, type Call, escrow, formatAmount, type NetworkWriter, type WriteOptions } from "@worker3/sdk";

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
  const spender = client.network.contracts.creditEscrow;
  const call = escrow.deposit.call(client, payment);
  const send = () => escrow.deposit(client, payment);
  return (await asset.spend(client, { spender, amount, call, send, ...writes })).txHash;
}

/**
 * Makes sure before anything is sent that the credit could be paid: the balance, and whatever the token or the escrow would
 * refuse with.
 *
 * @param parameters.after The call that makes the project, for one that is not there yet.
 * @throws As `asset.checkSpending`.
 */
export async function checkDeposit(
  client: NetworkWriter,
  parameters: {
    readonly projectId: bigint;
    readonly amount: bigint | undefined;
    readonly after?: readonly Call[];
  },
): Promise<void> {
  const { projectId, amount = 0n, after } = parameters;
  if (amount === 0n) return;
  const spender = client.network.contracts.creditEscrow;
  const call = escrow.deposit.call(client, { projectId, amount });
  await asset.checkSpending(client, { spender, amount, call, after });
}

/** How to deposit by hand. */
export function depositCommand(projectId: bigint, amount: bigint): string {
  return `worker3 credit deposit ${projectId} ${formatAmount(amount)}`;
}
