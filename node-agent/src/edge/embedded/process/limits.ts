/** Bounds of one edge process. */
export const LIMITS = {
  /** Request line and headers of a visitor. */
  requestHeadBytes: 32 * 1024,
  requestHeaders: 200,
  responseHeadBytes: 64 * 1024,
  /** From a head's first byte (from the connection, for its first head) to its end. */
  headMs: 10_000,
  /**
   * How long a connection may wait for its next request. Load balancers in front of a node keep theirs for 60 to 75 s: who
   * closes first has to be the one that sends the requests, or one of them meets a connection that is just closed.
   */
  keepAliveMs: 90_000,
  requestsPerConnection: 10_000,
  /** Requests that wait on one connection until those before them are answered. */
  waitingPerConnection: 64,
  connectMs: 5_000,
  /** From the end of a request to the head of its response. */
  responseHeadMs: 100_000,
  /** Below the 5 s after which workerd closes an idle connection, so that a request seldom meets its end. */
  upstreamIdleMs: 4_000,
  /** A visitor who sends no byte of a body for so long, though the upstream would take it, is cut off. */
  uploadIdleMs: 30_000,
  /** How long the rest of a body is read and thrown away after the response. */
  discardMs: 5_000,
  /** How long a connection that is closed is read on, while the visitor still sends. */
  lingerMs: 30_000,
  /** A visitor who sends nothing for so long has read that its connection was closed, or never will. */
  lingerIdleMs: 5_000,
  /** A visitor who ended its side and is sent nothing for so long is taken for gone. */
  halfClosedMs: 10_000,
  wakeMs: 15_000,
  wakeAgainMs: 5_000,
  /** How long a request waits for another cell where the one it was sent to is gone. */
  deadCellMs: 5_000,
  waitingPerProject: 1_000,
  /** Of those, of one visitor address. */
  waitingPerClient: 256,
  /** Sleeping projects that are woken for one visitor address at once; for more it waits. */
  wakesPerClient: 4,
  reportMs: 1_000,
  /** How often is looked what visitors took. */
  egressMs: 500,
  loadMs: 100,
  /** How long a stopping process tries to get its last counts booked before it leaves them on the disk. */
  lastReportMs: 2_000,
} as const;
