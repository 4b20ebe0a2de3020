import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { regionMask } from "../../protocol/regionMask.ts";
import type { Region } from "../../protocol/regions.ts";
import { projectRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface AssignReplicasParameters extends WriteOptions {
  readonly projectId: bigint;
  /** 1 to 8. */
  readonly count: number;
  /** Where to draw from. */
  readonly regions: readonly Region[];
}

export interface AssignReplicasResult extends Mined {
  /** In the order of the seats; 0 is an empty one. */
  readonly nodeIds: readonly number[];
  /** The first epoch that is judged by the new terms. */
  readonly fromEpoch: number;
}

/**
 * Draws the nodes of a project, from the next epoch on. Seat 0 keeps its node while that is active. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `SEAT_COUNT`, `NO_NODES`, or what every write throws, see `sendCall`.
 */
export async function assignReplicas(
  client: NetworkWriter,
  parameters: AssignReplicasParameters,
): Promise<AssignReplicasResult> {
  const { projectId, count, regions, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "assignReplicas", args: [projectId, count, regionMask(regions)] },
    options,
  );
  const { nodeIds, fromEpoch } = eventOf(sent, contract, "TermsSet");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, nodeIds, fromEpoch };
}
