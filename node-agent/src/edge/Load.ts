/** How busy one upstream of one edge process is. Sent ten times a second while there is something to tell. */
export interface LoadRow {
  readonly socketPath: string;
  /** Requests that it was given since the upstream began; only rises. */
  readonly started: number;
  /** Requests, bodies and WebSockets under way now. */
  readonly inFlight: number;
}

/** The same over all processes of an edge. */
export type Load = Omit<LoadRow, "socketPath">;

/** A request that was cut off because its project reached a limit. */
export interface CutRequest {
  readonly projectId: string;
  readonly version: number;
  readonly socketPath: string;
  /** Of the refusal: which limit. */
  readonly code: string;
  /** What the visitor was told, where its response had not begun. */
  readonly id: string;
}
