import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { creditEscrow } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface RefundOfParameters extends ReadOptions {
  readonly who: Address;
}

/**
 * What an account may collect, in base units: bonds that came back, and shares of slashes.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function refundOf(client: NetworkClient, parameters: RefundOfParameters): Promise<bigint> {
  const { who, at } = parameters;
  return readView(client, { ...creditEscrow(client), functionName: "refundOf", args: [who] }, { at });
}
