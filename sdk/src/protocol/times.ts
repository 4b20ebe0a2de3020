/**
 * The time line of a network, fixed in its contracts. Spans but `epochSeconds` are whole epochs.
 *
 * Source: `Times` in contracts/interfaces/IEpochClock.sol.
 */
export interface Times {
  /** Unix time, in seconds, at which epoch 0 began. */
  readonly genesis: number;
  /** Length of an epoch: 86400 on a real network, 20 on the devnet. */
  readonly epochSeconds: number;
  /** Usage of epoch e is submitted while `e < now <= e + late`. */
  readonly late: number;
  /** A counted receipt is released or disputed while `now <= e + late + dispute`. */
  readonly dispute: number;
  /** A dispute opened in d is decided while `now <= d + decide`, once extended by the same again. */
  readonly decide: number;
  /** Credit asked back in r leaves when `now > r + creditThaw`. */
  readonly creditThaw: number;
  /** Stake asked back in r leaves when `now > r + stakeThaw`. */
  readonly stakeThaw: number;
}
