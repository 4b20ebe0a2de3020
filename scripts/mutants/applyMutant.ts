import type { Mutant } from "./Mutant.ts";
import { MutantsError } from "./MutantsError.ts";

/**
 * The source with the bug in it.
 *
 * @throws {MutantsError} `STALE`, where the text to replace is not there exactly once.
 */
export function applyMutant({ name, file, find, replace }: Mutant, source: string): string {
  const parts = source.split(find);
  if (parts.length !== 2) {
    throw new MutantsError({
      code: "STALE",
      message: `The mutant ${name} replaces a text that is in contracts/${file} ${parts.length - 1} times instead of once`,
      value: find,
      next: "make its `find` fit the source as it is now",
    });
  }
  return parts.join(replace);
}
