import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { usageSettlement } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface DrawParameters extends WriteOptions {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
}

/**
 * Ends a dispute that was not decided in time: the amount goes to the node, the bond to the disputer. Anyone may.
 *
 * @throws `NOT_DISPUTED`, `DECISION_WINDOW`, or what every write throws, see `sendCall`.
 */
export async function draw(client: NetworkWriter, parameters: DrawParameters): Promise<Mined> {
  const { projectId, nodeId, epoch, ...options } = parameters;
  const contract = usageSettlement(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "draw", args: [projectId, nodeId, epoch] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
