import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { regionNumber } from "../../protocol/regionNumber.ts";
import type { Region } from "../../protocol/regions.ts";
import { nodeRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetRegionParameters extends WriteOptions {
  readonly nodeId: number;
  readonly region: Region;
}

/**
 * Sets the node's region; takes effect in the next draw. For the owner.
 *
 * @throws `NOT_NODE_OWNER`, `UNKNOWN_REGION`, or what every write throws, see `sendCall`.
 */
export async function setRegion(client: NetworkWriter, parameters: SetRegionParameters): Promise<Mined> {
  const { nodeId, region, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setRegion", args: [nodeId, regionNumber(region)] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
