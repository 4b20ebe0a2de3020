import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetMaxCapParameters extends WriteOptions {
  /** Base units. */
  readonly maxCap: bigint;
}

/**
 * Sets the highest cap, at least the default cap. For the access manager, after its delay.
 *
 * @throws `ACCESS_MANAGED_UNAUTHORIZED`, `MAX_CAP_OUT_OF_BOUNDS`, or what every write throws, see `sendCall`.
 */
export async function setMaxCap(client: NetworkWriter, parameters: SetMaxCapParameters): Promise<Mined> {
  const { maxCap, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setMaxCap", args: [Number(maxCap)] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
