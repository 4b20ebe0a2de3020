/** The chain's time, as far as accounting needs it. */
export interface EpochClock {
  readonly genesisMs: number;
  readonly epochMs: number;
  /** Chain time less `monotonicMs`, in milliseconds: a machine whose clock is set changes nothing. */
  readonly offsetMs: number;
  /** The newest epoch that a block of the chain is of. No epoch from here on is closed, whatever time it is. */
  readonly reachedEpoch: number;
}
