import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { usageSettlement } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetParametersParameters extends WriteOptions {
  /** Base units. */
  readonly minBond: bigint;
  /** Base units. */
  readonly maxSlash: bigint;
  readonly arbiter: Address;
}

/**
 * Sets the least bond (at most 1,000 of the asset), the highest slash (at most 100,000) and the arbiter. For the
 * access manager, after its delay.
 *
 * @throws `ACCESS_MANAGED_UNAUTHORIZED`, `PARAMETERS_OUT_OF_BOUNDS`, or what every write throws, see `sendCall`.
 */
export async function setParameters(
  client: NetworkWriter,
  parameters: SetParametersParameters,
): Promise<Mined> {
  const { minBond, maxSlash, arbiter, ...options } = parameters;
  const contract = usageSettlement(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setParameters", args: [minBond, maxSlash, arbiter] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
