import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { assetContract } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface ApproveParameters extends WriteOptions {
  readonly spender: Address;
  /** Base units. */
  readonly amount: bigint;
}

/**
 * Lets a contract take some of the caller's asset: the node registry for stakes, the escrow for credit and bonds.
 * Replaces what was allowed before.
 *
 * @throws What every write throws, see `sendCall`.
 */
export async function approve(client: NetworkWriter, parameters: ApproveParameters): Promise<Mined> {
  const { spender, amount, ...options } = parameters;
  const contract = assetContract(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "approve", args: [spender, amount] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
