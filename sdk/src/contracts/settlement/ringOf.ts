import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface RingOfParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * The ring word of a project, see `countedSeats`.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function ringOf(client: NetworkClient, parameters: RingOfParameters): Promise<bigint> {
  const { projectId, at } = parameters;
  return readView(client, { ...usageSettlement(client), functionName: "ringOf", args: [projectId] }, { at });
}
