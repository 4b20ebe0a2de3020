import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { creditEscrow } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface RequestWithdrawParameters extends WriteOptions {
  readonly projectId: bigint;
  /** Base units. */
  readonly amount: bigint;
}

export interface RequestWithdrawResult extends Mined {
  /** What leaves, in base units. */
  readonly thawing: bigint;
  /** See `creditWindow` for when it leaves. */
  readonly thawEpoch: number;
}

/**
 * Asks credit back; replaces an earlier request and restarts its time. For the project's owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `WITHDRAW_AMOUNT`, or what every write throws, see `sendCall`.
 */
export async function requestWithdraw(
  client: NetworkWriter,
  parameters: RequestWithdrawParameters,
): Promise<RequestWithdrawResult> {
  const { projectId, amount, ...options } = parameters;
  const contract = creditEscrow(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "requestWithdraw", args: [projectId, amount] },
    options,
  );
  const { thawing, thawEpoch } = eventOf(sent, contract, "WithdrawRequested");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, thawing, thawEpoch };
}
