import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface PruneParameters extends WriteOptions {
  readonly nodeId: number;
}

/**
 * Takes an expired node out of the pool, so that draws no longer look at it. Anyone may.
 *
 * @throws `NOT_IN_POOL`, `STILL_ACCEPTING`, or what every write throws, see `sendCall`.
 */
export async function prune(client: NetworkWriter, parameters: PruneParameters): Promise<Mined> {
  const { nodeId, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(client, { ...contract, functionName: "prune", args: [nodeId] }, options);
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
