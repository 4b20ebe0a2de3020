/** The setting that chooses: `whole` in `npm run test:interop`. */
export const TEST_SIZE = "WORKER3_TESTS";

/**
 * How often a test does what it does: `whole` where `WORKER3_TESTS=whole` is set, which `npm run test:interop` does for
 * such tests, else `short`, so that `npm test` stays quick.
 *
 * @throws {Error} where the setting is something else, which otherwise would pass for short unnoticed.
 */
export function testSize<T>({ short, whole }: { readonly short: T; readonly whole: T }): T {
  const setting = process.env[TEST_SIZE] ?? "short";
  if (setting !== "short" && setting !== "whole") {
    throw new Error(`${TEST_SIZE} is "short" or "whole", not "${setting}"`);
  }
  return setting === "whole" ? whole : short;
}
