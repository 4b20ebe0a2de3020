import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetMeterParameters extends WriteOptions {
  readonly projectId: bigint;
  /** The zero address for none. */
  readonly meter: Address;
}

/**
 * Sets the key whose signature releases receipts early. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, or what every write throws, see `sendCall`.
 */
export async function setMeter(client: NetworkWriter, parameters: SetMeterParameters): Promise<Mined> {
  const { projectId, meter, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setMeter", args: [projectId, meter] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
