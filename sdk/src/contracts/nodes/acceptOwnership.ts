import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface AcceptOwnershipParameters extends WriteOptions {
  readonly nodeId: number;
}

/**
 * Takes over a node with its stake, what thaws of it, and what is not claimed yet. For the proposed owner.
 *
 * @throws `NOT_PENDING_NODE_OWNER`, or what every write throws, see `sendCall`.
 */
export async function acceptOwnership(
  client: NetworkWriter,
  parameters: AcceptOwnershipParameters,
): Promise<Mined> {
  const { nodeId, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "acceptOwnership", args: [nodeId] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
