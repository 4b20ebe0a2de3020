import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { creditEscrow } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * Who receives the fees.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function feeReceiver(client: NetworkClient, options: ReadOptions = {}): Promise<Address> {
  return readView(client, { ...creditEscrow(client), functionName: "feeReceiver" }, options);
}
