export interface PinsParameters {
  /** What the node keeps and a version names. */
  readonly wanted: readonly string[];
  /** What the daemon has pinned for this node. */
  readonly pinned: ReadonlySet<string>;
  /** What this node has had it pin, as noted before. */
  readonly recorded: readonly string[];
  /** What is left alone for a while: somebody else's pins, and what the daemon refused. */
  readonly aside: { has(cid: string): boolean };
  /** How often in a row pinning one took too long. */
  readonly failures: { get(cid: string): number | undefined };
  /** Whether the node dropped a content for good. */
  readonly isGone: (cid: string) => boolean;
}

/**
 * What to have pinned, in this order, and what to have unpinned: never what this node did not have pinned. One that takes
 * too long each time holds up no other.
 */
export function decidePins(parameters: PinsParameters): {
  readonly pin: readonly string[];
  readonly unpin: readonly string[];
} {
  const { wanted, pinned, recorded, aside, failures, isGone } = parameters;
  const failed = (cid: string): number => failures.get(cid) ?? 0;
  const pin = wanted.filter((cid) => !pinned.has(cid) && !aside.has(cid) && !isGone(cid));
  return {
    pin: pin.toSorted((a, b) => failed(a) - failed(b)),
    unpin: recorded.filter((cid) => isGone(cid) && !aside.has(cid)),
  };
}
