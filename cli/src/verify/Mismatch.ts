/** Why a replica does not serve what the chain names, or nobody knows whether it does. */
export type MismatchReason =
  /** It did not answer, or the answer broke off. */
  | "unreachable"
  /** Its operator does not serve this project (451): it says so, and serves nothing else instead. */
  | "denied"
  /** Another HTTP status than 200. */
  | "status"
  /** Another version answered. */
  | "version"
  /** Another node answered. */
  | "node"
  /** The bytes are encoded although nobody asked for that. */
  | "encoding"
  | "content";

export interface Mismatch {
  /** The static file; empty where it is about the replica as a whole. */
  readonly path: string;
  /** The version whose file it is. */
  readonly version: number;
  readonly reason: MismatchReason;
  readonly expected: string;
  readonly got: string;
}
