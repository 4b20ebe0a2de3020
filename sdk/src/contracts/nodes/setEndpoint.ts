import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetEndpointParameters extends WriteOptions {
  readonly nodeId: number;
  /** `https://host[:port]`, at most 128 bytes. */
  readonly endpoint: string;
}

/**
 * Sets where the node answers. For the owner.
 *
 * @throws `NOT_NODE_OWNER`, `ENDPOINT_SCHEME`, `ENDPOINT_CHARACTER`, or what every write throws, see `sendCall`.
 */
export async function setEndpoint(client: NetworkWriter, parameters: SetEndpointParameters): Promise<Mined> {
  const { nodeId, endpoint, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setEndpoint", args: [nodeId, endpoint] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
