import { asset, escrow, formatAmount, type NetworkWriter, type WriteOptions } from "@worker3/sdk";

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
  await asset.ensureAllowance(client, { spender: client.network.contracts.creditEscrow, amount, ...writes });
  return (await escrow.deposit(client, { projectId, amount, ...writes })).txHash;
}

/** How to deposit by hand. */
export function depositCommand(projectId: bigint, amount: bigint): string {
  return `worker3 credit deposit ${projectId} ${formatAmount(amount)}`;
}
