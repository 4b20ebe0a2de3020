import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { creditEscrow } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface WithdrawParameters extends WriteOptions {
  readonly projectId: bigint;
}

export interface WithdrawResult extends Mined {
  /** What was paid, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly balance: bigint;
}

/**
 * Pays what was asked back to the owner, once `now > thawEpoch + creditThaw`; less, if charges reached it.
 *
 * @throws `NOT_PROJECT_OWNER`, `NOTHING_THAWING`, `STILL_THAWING`, or what every write throws, see `sendCall`.
 */
export async function withdraw(
  client: NetworkWriter,
  parameters: WithdrawParameters,
): Promise<WithdrawResult> {
  const { projectId, ...options } = parameters;
  const contract = creditEscrow(client);
  const sent = await sendCall(client, { ...contract, functionName: "withdraw", args: [projectId] }, options);
  const { amount, balance } = eventOf(sent, contract, "Withdrawn");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, amount, balance };
}
