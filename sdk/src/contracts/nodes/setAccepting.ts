import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetAcceptingParameters extends WriteOptions {
  readonly nodeId: number;
  /** The last one: at most 30 ahead; 0 when the node is full. */
  readonly untilEpoch: number;
}

/**
 * Says until which epoch the node takes new projects. For the owner or the operator.
 *
 * @throws `NOT_NODE_KEEPER`, `ACCEPTING_UNTIL`, `NODE_RETIRED`, or what every write throws, see `sendCall`.
 */
export async function setAccepting(
  client: NetworkWriter,
  parameters: SetAcceptingParameters,
): Promise<Mined> {
  const { nodeId, untilEpoch, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setAccepting", args: [nodeId, untilEpoch] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
