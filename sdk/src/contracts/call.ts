import { type Abi, type Address, encodeFunctionData, type Hex } from "viem";
import type { contractByKey } from "../abi/contracts.ts";
import { RpcError } from "../errors/errorClasses.ts";
import { addressesOf, type Network } from "../network/network.ts";
import type { CalledContract } from "./table.ts";

export type AbiOf<key extends CalledContract> = (typeof contractByKey)[key]["abi"];

/** A contract as definitions refer to it: `abi/contracts.ts` has all that programs call. */
export interface Contract<key extends CalledContract = CalledContract> {
  readonly key: key;
  readonly abi: AbiOf<key>;
}

/** Where the contracts are: a client, or whatever else knows a network. */
export interface CallTarget {
  readonly network: Pick<Network, "contracts">;
}

/**
 * A contract where it stands.
 *
 * @throws {RpcError} `CONTRACT_MISSING`: the network file does not name it.
 */
export function contractAt<key extends CalledContract>(
  { network }: CallTarget,
  { key, abi }: Contract<key>,
): { readonly address: Address; readonly abi: AbiOf<key> } {
  const [found] = addressesOf(network.contracts, [key]);
  if (found !== undefined) return { address: found[1], abi };
  throw new RpcError({
    code: "CONTRACT_MISSING",
    message: `The network file does not say where ${key} is.`,
    value: key,
    next: "take the network file from where the contracts were deployed",
  });
}

/** One call of a function: what viem simulates, estimates and batches. */
export interface Call<abi extends Abi = Abi, functionName = string, args = readonly unknown[]> {
  readonly address: Address;
  readonly abi: abi;
  readonly functionName: functionName;
  readonly args: args;
}

/** A call as a transaction carries it. */
export interface EncodedCall {
  readonly to: Address;
  readonly data: Hex;
}

/** A call as a transaction carries it. */
export function encodeCall({ address, abi, functionName, args }: Call): EncodedCall {
  return { to: address, data: encodeFunctionData({ abi, functionName, args }) };
}
