/**
 * What a person reads when a contract refuses. Placeholders name the error's arguments: `{nodeId}`, or with a format
 * `{stake:amount}` (base units as 12.5), `{until:time}` (Unix seconds as ISO 8601), `{regionMask:regions}` (codes),
 * `{status:status}` (what became of a receipt), `{leastCap:leastCap}` (which new seats a node takes).
 */
export interface ErrorText {
  /** One sentence. */
  readonly message: string;
  /** The argument that was refused, raw; absent where there is none. */
  readonly value?: string;
  /** What to do next: a command, or a sentence. */
  readonly next?: string;
  /** Replaces the error's own name in upper snake case. */
  readonly code?: string;
}

/** By the error's name in Solidity. Several texts: the first of which all placeholders are arguments of the error. */
export type ErrorTexts = Readonly<Record<string, ErrorText | readonly ErrorText[]>>;
