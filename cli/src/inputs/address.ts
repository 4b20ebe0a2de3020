import { type Address, getAddress, isAddress } from "viem";

/** An account's address; where it has upper-case letters they have to be its checksum. */
export function address(text: string): Address {
  if (isAddress(text)) return getAddress(text);
  throw new RangeError("an address is 0x and 40 hexadecimal digits, with a right checksum or none");
}
