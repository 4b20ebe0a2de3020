import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { creditEscrow } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface AvailableParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * What may be counted on, in base units: the balance less what thaws, less the cap for every seat and epoch that
 * may still be submitted and is not counted yet. Never below 0.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function available(client: NetworkClient, parameters: AvailableParameters): Promise<bigint> {
  const { projectId, at } = parameters;
  return readView(client, { ...creditEscrow(client), functionName: "available", args: [projectId] }, { at });
}
