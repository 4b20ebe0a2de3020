import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * Who decides disputes.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function arbiter(client: NetworkClient, options: ReadOptions = {}): Promise<Address> {
  return readView(client, { ...usageSettlement(client), functionName: "arbiter" }, options);
}
