/** The chain's time, as far as accounting needs it. */
export interface EpochClock {
  readonly genesisMs: number;
  readonly epochMs: number;
  /** Chain time minus this machine's, in milliseconds. */
  readonly skewMs: number;
}
