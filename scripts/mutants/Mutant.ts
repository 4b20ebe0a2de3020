/** A bug to plant: one text of one source becomes another. */
export interface Mutant {
  /** Lower-case words with hyphens, as `--only` takes it. */
  readonly name: string;
  /** The rule that the bug breaks, in words. */
  readonly rule: string;
  /** From `contracts/` on. */
  readonly file: string;
  /** Stands in the file exactly once: a text that moved or went is an error, not a mutant that survives. */
  readonly find: string;
  readonly replace: string;
  /**
   * The tests that are asked first, from `test/contracts/` on. A Solidity test (`.t.sol`) runs only where a mutant names
   * it; all others follow when those named here stay green.
   */
  readonly tests: readonly string[];
}
