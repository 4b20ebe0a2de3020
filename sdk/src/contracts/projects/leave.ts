import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface LeaveParameters extends WriteOptions {
  readonly projectIds: readonly bigint[];
  readonly nodeId: number;
}

/**
 * Empties a node's seats in some projects from the next epoch on; those where it has none are passed over. For the
 * node's owner or operator.
 *
 * @throws `NOT_KEEPER_OF`, `UNKNOWN_NODE`, or what every write throws, see `sendCall`.
 */
export async function leave(client: NetworkWriter, parameters: LeaveParameters): Promise<Mined> {
  const { projectIds, nodeId, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "leave", args: [projectIds, nodeId] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
