import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface IsCountedParameters extends ReadOptions {
  readonly projectId: bigint;
  readonly epoch: number;
  /** 0 to 7. */
  readonly seat: number;
}

/**
 * Whether a seat of a project was counted in an epoch. Only the last 28 epochs are known; what is forgotten reads
 * as counted.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function isCounted(client: NetworkClient, parameters: IsCountedParameters): Promise<boolean> {
  const { projectId, epoch, seat, at } = parameters;
  return readView(
    client,
    { ...usageSettlement(client), functionName: "isCounted", args: [projectId, epoch, seat] },
    { at },
  );
}
