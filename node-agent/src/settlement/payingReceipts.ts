import type { UsageKey } from "../ledger/usageTable.ts";

/** A receipt, and what it pays the node after the network's fee, in base units. */
export interface PricedReceipt extends UsageKey {
  readonly net: bigint;
}

/**
 * What handing in costs, in gas, as `npm run bench -- settlement` measures it: a transaction, each batch in it, a project's
 * first receipt in it, and each further one of the same project.
 */
export const GAS = { transaction: 36_000n, batch: 71_500n, project: 16_500n, again: 4_900n } as const;

/**
 * Those of some receipts that are worth their gas when they go out together; the others may be when they go with more. A receipt
 * bears its own gas, and as much as any other beside it of what its batch and the transaction cost. A project's first words
 * cost the most, so small receipts of several epochs may pay together.
 *
 * @param unitsOf What some gas costs, in base units of the asset.
 */
export function payingReceipts<receipt extends PricedReceipt>(
  receipts: readonly receipt[],
  unitsOf: (gas: bigint) => bigint,
): readonly receipt[] {
  let paying = receipts;
  for (;;) {
    // Who leaves makes it dearer for those who stay, never cheaper: so nobody is left out too early.
    const sizes = new Map<number, bigint>();
    for (const { epoch } of paying) sizes.set(epoch, (sizes.get(epoch) ?? 0n) + 1n);
    const all = BigInt(Math.max(paying.length, 1));
    const sharedBy = ({ epoch }: receipt) => GAS.transaction / all + GAS.batch / (sizes.get(epoch) ?? 1n);
    const kept = new Set(
      [...Map.groupBy(paying, ({ projectId }) => projectId).values()].flatMap((own) =>
        payingOf(own, sharedBy, unitsOf),
      ),
    );
    if (kept.size === paying.length) return paying;
    paying = paying.filter((receipt) => kept.has(receipt));
  }
}

/** Of the receipts of one project: all that bring more than they add, where the first one's words are paid too. */
function payingOf<receipt extends PricedReceipt>(
  own: readonly receipt[],
  sharedBy: (receipt: receipt) => bigint,
  unitsOf: (gas: bigint) => bigint,
): readonly receipt[] {
  const gains = own
    .map((receipt) => ({ receipt, gain: receipt.net - unitsOf(GAS.again + sharedBy(receipt)) }))
    .sort((a, b) => (a.gain < b.gain ? 1 : -1));
  const kept = gains.filter(({ gain }, i) => i === 0 || gain >= 0n);
  const gain = kept.reduce((sum, one) => sum + one.gain, 0n);
  return gain >= unitsOf(GAS.project - GAS.again) ? kept.map(({ receipt }) => receipt) : [];
}
