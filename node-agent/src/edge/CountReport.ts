/** What one project did in one minute, since the report before. */
export interface CountRow {
  readonly projectId: string;
  readonly epoch: number;
  /** The minute's first millisecond, by the chain's clock. */
  readonly minuteMs: number;
  readonly requests: number;
  readonly egressBytes: number;
}

/** What one edge process counted. Rows are additions: a report is booked once, by `reporter` and `sequence`. */
export interface CountReport {
  /** Random, new with each process. */
  readonly reporter: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** No later report of this reporter has a row of this epoch or of one before. */
  readonly closedEpoch: number;
  readonly counts: readonly CountRow[];
}
