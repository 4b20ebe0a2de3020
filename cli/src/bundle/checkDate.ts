import { BundleError } from "./BundleError.ts";

/**
 * Makes sure that a worker names the date whose behaviour it was written for. Whether nodes know the
 * date, `deploy` asks them.
 *
 * @param newest The newest that this program's workerd knows: `2026-11-17`.
 * @throws {BundleError} `NO_COMPATIBILITY_DATE`.
 */
export function checkDate(date: string | undefined, newest: string): void {
  if (date === undefined) {
    throw new BundleError({
      code: "NO_COMPATIBILITY_DATE",
      message:
        "The configuration has no compatibility_date; without one nobody knows which behaviour the worker expects.",
      value: "compatibility_date",
      next: `write "compatibility_date": "${newest}" into it`,
    });
  }
}
