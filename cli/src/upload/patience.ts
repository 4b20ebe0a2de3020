/** How long nodes are waited for. */
export interface Patience {
  /** For one that takes no connection to say what it can run, as one that starts: before anything is paid. */
  readonly askMs: number;
  /** For one that cannot be reached or has no time to take the content. */
  readonly uploadMs: number;
  /** For one that has the content to serve it. */
  readonly waitMs: number;
  /** For one that refuses what it may not have seen on chain yet. */
  readonly behindMs: number;
}

/** Who wants to know early that nodes are away does not wait for an upload's patience, unless it was asked for. */
const ASK_SECONDS = 5;
const UPLOAD_SECONDS = 60;
const WAIT_SECONDS = 120;
const BEHIND_SECONDS = 30;

/** The patience that options in seconds ask for. */
export function patienceOf(given: {
  readonly uploadTimeout: number | undefined;
  readonly waitTimeout: number | undefined;
}): Patience {
  const { uploadTimeout = UPLOAD_SECONDS, waitTimeout = WAIT_SECONDS } = given;
  return {
    askMs: (given.uploadTimeout ?? ASK_SECONDS) * 1000,
    uploadMs: uploadTimeout * 1000,
    waitMs: waitTimeout * 1000,
    behindMs: Math.min(uploadTimeout, BEHIND_SECONDS) * 1000,
  };
}
