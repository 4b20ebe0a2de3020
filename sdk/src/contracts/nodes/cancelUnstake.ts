import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface CancelUnstakeParameters extends WriteOptions {
  readonly nodeId: number;
}

/**
 * Takes the request for stake back. A retired node stays retired. For the owner.
 *
 * @throws `NOT_NODE_OWNER`, `NOTHING_THAWING`, or what every write throws, see `sendCall`.
 */
export async function cancelUnstake(
  client: NetworkWriter,
  parameters: CancelUnstakeParameters,
): Promise<Mined> {
  const { nodeId, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "cancelUnstake", args: [nodeId] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
