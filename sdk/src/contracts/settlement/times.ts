import type { NetworkClient } from "../../network/createNetworkClient.ts";
import type { Times } from "../../protocol/times.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * The time line, as fixed in the contracts.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function times(client: NetworkClient, options: ReadOptions = {}): Promise<Times> {
  return readView(client, { ...usageSettlement(client), functionName: "times" }, options);
}
