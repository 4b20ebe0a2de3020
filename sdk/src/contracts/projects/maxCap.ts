import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * The highest cap, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function maxCap(client: NetworkClient, options: ReadOptions = {}): Promise<bigint> {
  const answer = await readView(client, { ...projectRegistry(client), functionName: "maxCap" }, options);
  return BigInt(answer);
}
