import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import type { Permit } from "../asset/signPermit.ts";
import { creditEscrow } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface DepositWithPermitParameters extends WriteOptions {
  readonly projectId: bigint;
  /** Base units, as the permit says. */
  readonly amount: bigint;
  /** See `asset.signPermit`. */
  readonly permit: Permit;
}

export interface DepositWithPermitResult extends Mined {
  /** What arrived, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly balance: bigint;
}

/**
 * `deposit` with an EIP-2612 permit in the same call, instead of an `approve` before. A permit that somebody used before
 * does no harm.
 *
 * @throws `UNKNOWN_PROJECT`, `INSUFFICIENT_BALANCE`, `INSUFFICIENT_ALLOWANCE` where the permit did not count, or what
 *   every write throws, see `sendCall`.
 */
export async function depositWithPermit(
  client: NetworkWriter,
  parameters: DepositWithPermitParameters,
): Promise<DepositWithPermitResult> {
  const { projectId, amount, permit, ...options } = parameters;
  const contract = creditEscrow(client);
  const args = [projectId, amount, permit.deadline, permit.v, permit.r, permit.s] as const;
  const sent = await sendCall(client, { ...contract, functionName: "depositWithPermit", args }, options);
  const event = eventOf(sent, contract, "Deposited");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, amount: event.amount, balance: event.balance };
}
