import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { assetContract } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface TransferParameters extends WriteOptions {
  readonly to: Address;
  /** Base units. */
  readonly amount: bigint;
}

/**
 * Sends some of the caller's asset.
 *
 * @throws `INSUFFICIENT_BALANCE`, or what every write throws, see `sendCall`.
 */
export async function transfer(client: NetworkWriter, parameters: TransferParameters): Promise<Mined> {
  const { to, amount, ...options } = parameters;
  const contract = assetContract(client);
  const sent = await sendCall(client, { ...contract, functionName: "transfer", args: [to, amount] }, options);
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
