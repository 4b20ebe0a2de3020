import { BundleError } from "./BundleError.ts";

/**
 * Makes sure that a worker names the date whose behaviour it was written for, and that there is a workerd that knows it.
 *
 * @param newest The newest that this program's workerd knows: `2026-11-17`.
 * @throws {BundleError} `NO_COMPATIBILITY_DATE`, `COMPATIBILITY_DATE_TOO_NEW`.
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
  if (date > newest) {
    throw new BundleError({
      code: "COMPATIBILITY_DATE_TOO_NEW",
      message: "The compatibility_date is newer than the workerd that nodes run.",
      value: date,
      next: `write "compatibility_date": "${newest}", or an earlier day`,
    });
  }
}
