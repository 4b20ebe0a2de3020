/** What the node says of itself on chain: that it lives until an epoch, and from which cap on it takes new seats. */
export interface Presence {
  readonly untilEpoch: number;
  /** In base units; `nodes.FULL` of the sdk where it takes none. */
  readonly leastCap: bigint;
}

export interface DuePresenceParameters {
  readonly headEpoch: number;
  /** What the chain says; `untilEpoch` 0 before it was first said. */
  readonly said: Presence;
  /** For how many epochs ahead it is said; 0: nothing is, by this agent. */
  readonly epochs: number;
  /** From which cap on the node would take new seats. */
  readonly leastCap: bigint;
  /** Whether it takes none at all. */
  readonly isFull: boolean;
  /** Whether it has a seat now or in the next epoch. */
  readonly hasSeats: boolean;
  /** Its retirement is final: the contract takes nothing any more, in its last epoch either. */
  readonly isRetired: boolean;
}

/**
 * What to say now; undefined where all is said. It is renewed in the middle of what was promised, and said at once where the
 * least cap is another.
 *
 * A node that takes no new seats goes on saying that it lives as long as it has any: two epochs after it last said so anyone may give
 * them to others. Without seats it has nothing to lose, so it only takes back what it promised before.
 */
export function duePresence(parameters: DuePresenceParameters): Presence | undefined {
  const { headEpoch, said, epochs, leastCap, isFull, hasSeats, isRetired } = parameters;
  if (isRetired || epochs === 0) return undefined;
  const due = { untilEpoch: headEpoch + epochs, leastCap };
  const isPresent = said.untilEpoch >= headEpoch;
  if (isPresent && said.leastCap !== leastCap) return due;
  if (isFull && !hasSeats) return undefined;
  return said.untilEpoch < headEpoch + epochs / 2 ? due : undefined;
}
