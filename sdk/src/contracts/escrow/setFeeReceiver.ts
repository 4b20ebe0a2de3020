import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { creditEscrow } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetFeeReceiverParameters extends WriteOptions {
  readonly receiver: Address;
}

/**
 * Sets who receives the fees. For the access manager, after its delay.
 *
 * @throws `ACCESS_MANAGED_UNAUTHORIZED`, `ZERO_FEE_RECEIVER`, or what every write throws, see `sendCall`.
 */
export async function setFeeReceiver(
  client: NetworkWriter,
  parameters: SetFeeReceiverParameters,
): Promise<Mined> {
  const { receiver, ...options } = parameters;
  const contract = creditEscrow(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setFeeReceiver", args: [receiver] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
