import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * How many projects were ever created: ids are 1 to this.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function projectCount(client: NetworkClient, options: ReadOptions = {}): Promise<bigint> {
  return readView(client, { ...projectRegistry(client), functionName: "projectCount" }, options);
}
