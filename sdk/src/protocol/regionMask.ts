import { regionNumber } from "./regionNumber.ts";
import type { Region } from "./regions.ts";

/**
 * The mask of some regions: bit `1 << number` for each.
 *
 * @throws {ProtocolError} `UNKNOWN_REGION`.
 */
export function regionMask(codes: readonly Region[]): number {
  return codes.reduce((mask, code) => mask | (1 << regionNumber(code)), 0);
}
