import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { creditEscrow } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface CancelWithdrawParameters extends WriteOptions {
  readonly projectId: bigint;
}

/**
 * Takes the request for credit back. For the project's owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `NOTHING_THAWING`, or what every write throws, see `sendCall`.
 */
export async function cancelWithdraw(
  client: NetworkWriter,
  parameters: CancelWithdrawParameters,
): Promise<Mined> {
  const { projectId, ...options } = parameters;
  const contract = creditEscrow(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "cancelWithdraw", args: [projectId] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
