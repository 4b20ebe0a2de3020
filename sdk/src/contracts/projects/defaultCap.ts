import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * The cap of a project that `deploy` creates, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function defaultCap(client: NetworkClient, options: ReadOptions = {}): Promise<bigint> {
  const answer = await readView(client, { ...projectRegistry(client), functionName: "defaultCap" }, options);
  return BigInt(answer);
}
