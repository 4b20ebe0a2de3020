import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetMinStakeParameters extends WriteOptions {
  /** Base units. */
  readonly minStake: bigint;
}

/**
 * Sets the least stake of new nodes, between 1 and 1,000,000 of the asset. For the access manager, after its
 * delay.
 *
 * @throws `ACCESS_MANAGED_UNAUTHORIZED`, `MIN_STAKE_OUT_OF_BOUNDS`, or what every write throws, see `sendCall`.
 */
export async function setMinStake(client: NetworkWriter, parameters: SetMinStakeParameters): Promise<Mined> {
  const { minStake, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setMinStake", args: [minStake] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
