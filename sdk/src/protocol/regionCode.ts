import { ProtocolError } from "./ProtocolError.ts";
import { REGIONS, type Region } from "./regions.ts";

/**
 * The code of a region that the chain names by number.
 *
 * @throws {ProtocolError} `UNKNOWN_REGION`.
 */
export function regionCode(number: number): Region {
  const code = REGIONS[number];
  if (code !== undefined) return code;
  throw new ProtocolError({
    code: "UNKNOWN_REGION",
    message: "there are nine regions, 0 to 8",
    value: String(number),
  });
}
