import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * The least bond of a dispute, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function minBond(client: NetworkClient, options: ReadOptions = {}): Promise<bigint> {
  return readView(client, { ...usageSettlement(client), functionName: "minBond" }, options);
}
