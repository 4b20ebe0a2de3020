import { ProtocolError } from "./ProtocolError.ts";
import { ALL_REGIONS, REGIONS, type Region } from "./regions.ts";

/**
 * The regions of a mask, in the order of their numbers; none for 0.
 *
 * @throws {ProtocolError} `REGION_MASK_OUT_OF_RANGE` for bits that are no region.
 */
export function regionsOf(mask: number): Region[] {
  if (!Number.isInteger(mask) || mask < 0 || mask > ALL_REGIONS) {
    throw new ProtocolError({
      code: "REGION_MASK_OUT_OF_RANGE",
      message: "a region mask has bits 0 to 8 only",
      value: String(mask),
    });
  }
  return REGIONS.filter((_, number) => (mask >> number) & 1);
}
