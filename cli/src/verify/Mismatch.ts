/** Why a replica does not serve what the chain names. */
export type MismatchReason =
  /** It did not answer, or the answer broke off. */
  | "unreachable"
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
  /** The file below `assets/`; empty where it is about the replica as a whole. */
  readonly path: string;
  readonly reason: MismatchReason;
  readonly expected: string;
  readonly got: string;
}
