/** Why a receipt was not counted, in the order of the contract's enum. It may come again until its deadline. */
export const SKIP_REASONS = ["NoSeat", "AlreadyCounted", "TooLittleCredit"] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];

/** The reason of its number on chain. */
export function skipReason(number: number): SkipReason {
  const reason = SKIP_REASONS[number];
  if (reason === undefined) throw new RangeError(`there is no skip reason ${number}`);
  return reason;
}
