import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface RefillParameters extends WriteOptions {
  readonly projectId: bigint;
}

export interface RefillResult extends Mined {
  /** In the order of the seats; 0 is an empty one. */
  readonly nodeIds: readonly number[];
  /** The first epoch that is judged by the new terms. */
  readonly fromEpoch: number;
}

/**
 * Fills seats that are empty, or whose node is gone, with drawn nodes, from the next epoch on. Anyone may.
 *
 * @throws `NOTHING_TO_REFILL`, `NO_NODES`, `PROJECT_CLOSED`, or what every write throws, see `sendCall`.
 */
export async function refill(client: NetworkWriter, parameters: RefillParameters): Promise<RefillResult> {
  const { projectId, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(client, { ...contract, functionName: "refill", args: [projectId] }, options);
  const { nodeIds, fromEpoch } = eventOf(sent, contract, "TermsSet");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, nodeIds, fromEpoch };
}
