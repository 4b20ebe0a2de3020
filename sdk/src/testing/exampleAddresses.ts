import { type Address, getAddress, keccak256, slice, toHex } from "viem";
import { type ContractKey, recordOf } from "../contracts/table.ts";

/** An address of its own for each of some contracts, always the same: for tests without a chain. */
export function exampleAddresses<key extends ContractKey>(keys: readonly key[]): Record<key, Address> {
  return recordOf(keys, (key) => getAddress(slice(keccak256(toHex(key)), 12)));
}
