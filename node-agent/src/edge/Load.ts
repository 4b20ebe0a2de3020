/** How busy a cell is. What only rises begins anew with an edge process. */
export interface Load {
  /** Requests that it was given since it began; only rises. */
  readonly started: number;
  /** Requests, bodies and WebSockets under way now. */
  readonly inFlight: number;
  /** WebSocket messages that it was given; only rises. */
  readonly messages: number;
  /** Bytes of bodies and WebSockets that went to it and came from it; only rises. */
  readonly carriedBytes: number;
  /** One more for each tenth of a second in which a begun response or a WebSocket carried something; only rises. */
  readonly moments: number;
  /** What it may hold of the body of one request that is under way: the largest, in bytes. */
  readonly heaviestBytes: number;
}

export const NO_LOAD: Load = {
  started: 0,
  inFlight: 0,
  messages: 0,
  carriedBytes: 0,
  moments: 0,
  heaviestBytes: 0,
};

/** What several processes tell of one cell. */
export function addLoads(a: Load, b: Load): Load {
  return {
    started: a.started + b.started,
    inFlight: a.inFlight + b.inFlight,
    messages: a.messages + b.messages,
    carriedBytes: a.carriedBytes + b.carriedBytes,
    moments: a.moments + b.moments,
    heaviestBytes: Math.max(a.heaviestBytes, b.heaviestBytes),
  };
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
