import { ProtocolError } from "./ProtocolError.ts";
import type { Times } from "./times.ts";

/**
 * The epoch of a moment: `floor((t - genesis) / epochSeconds)`, as `currentEpoch` counts.
 *
 * @param unixSeconds The timestamp of a block, or a clock corrected to the chain's; fractions are allowed.
 * @throws {ProtocolError} `BEFORE_GENESIS`.
 */
export function epochAt(
  times: Pick<Times, "genesis" | "epochSeconds">,
  unixSeconds: number | bigint,
): number {
  const passed = Number(unixSeconds) - times.genesis;
  if (!(passed >= 0)) {
    throw new ProtocolError({
      code: "BEFORE_GENESIS",
      message: "the network had not begun at that time",
      value: String(unixSeconds),
      next: "check the clock of this machine",
    });
  }
  return Math.floor(passed / times.epochSeconds);
}
