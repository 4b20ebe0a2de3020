import { ProtocolError } from "./ProtocolError.ts";
import { REGIONS, type Region } from "./regions.ts";

/**
 * The number of a region on chain.
 *
 * @throws {ProtocolError} `UNKNOWN_REGION`, also where `code` came from outside and is none of the nine.
 */
export function regionNumber(code: Region): number {
  const number = REGIONS.indexOf(code);
  if (number >= 0) return number;
  throw new ProtocolError({
    code: "UNKNOWN_REGION",
    message: "there is no such region",
    value: String(code),
    next: `use one of ${REGIONS.join(", ")}`,
  });
}
