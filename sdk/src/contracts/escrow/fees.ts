import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { creditEscrow } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * Fees that were not collected yet, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function fees(client: NetworkClient, options: ReadOptions = {}): Promise<bigint> {
  return readView(client, { ...creditEscrow(client), functionName: "fees" }, options);
}
