import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetReplicasParameters extends WriteOptions {
  readonly projectId: bigint;
  /** 1 to 8 different nodes that are not retired. */
  readonly nodeIds: readonly number[];
}

export interface SetReplicasResult extends Mined {
  /** The first epoch that is judged by the new terms. */
  readonly fromEpoch: number;
}

/**
 * Names the nodes of a project by hand, from the next epoch on; the first is the home. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `SEAT_COUNT`, `SEAT_TWICE`, `NODE_RETIRED`, `UNKNOWN_NODE`, or what every write
 *   throws, see `sendCall`.
 */
export async function setReplicas(
  client: NetworkWriter,
  parameters: SetReplicasParameters,
): Promise<SetReplicasResult> {
  const { projectId, nodeIds, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setReplicas", args: [projectId, nodeIds] },
    options,
  );
  const { fromEpoch } = eventOf(sent, contract, "TermsSet");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, fromEpoch };
}
