/** Where a log stands. */
export interface LogPlace {
  readonly blockNumber: bigint;
  readonly logIndex: number;
}

/** Sorts logs as the chain wrote them. */
export function inChainOrder(a: LogPlace, b: LogPlace): number {
  return a.blockNumber === b.blockNumber ? a.logIndex - b.logIndex : a.blockNumber < b.blockNumber ? -1 : 1;
}
