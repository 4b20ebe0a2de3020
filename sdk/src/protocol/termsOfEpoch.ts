import type { Terms } from "./terms.ts";

/**
 * The terms by which an epoch is served and its usage judged, by the `TermsSet` of a project in the order of the chain: the
 * newest of those that count from this epoch or an earlier one. One that counts from the same epoch as another before it
 * takes that one's place: several changes of one epoch leave the last, and `grow` writes the running epoch's terms again.
 *
 * Source: `_termsAt` in contracts/projects/ProjectTerms.sol.
 *
 * @returns Undefined where the project had no terms yet.
 */
export function termsOfEpoch<terms extends Pick<Terms, "fromEpoch">>(
  told: readonly terms[],
  epoch: number,
): terms | undefined {
  let found: terms | undefined;
  for (const terms of told) {
    if (terms.fromEpoch <= epoch && terms.fromEpoch >= (found?.fromEpoch ?? 0)) found = terms;
  }
  return found;
}
