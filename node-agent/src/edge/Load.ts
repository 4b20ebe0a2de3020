/** How busy a cell is. */
export interface Load {
  /** Requests that it was given since it began; only rises. */
  readonly started: number;
  /** Requests, bodies and WebSockets under way now. */
  readonly inFlight: number;
}

/** A request that was cut off because its project reached a limit. */
export interface CutRequest {
  readonly projectId: string;
  readonly version: number;
  /** Where it was: a cell's socket, or another node's origin. */
  readonly upstream: string;
  /** Of the refusal: which limit. */
  readonly code: string;
  /** What the visitor was told, where its response had not begun. */
  readonly id: string;
}
