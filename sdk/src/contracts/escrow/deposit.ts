import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { creditEscrow } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface DepositParameters extends WriteOptions {
  readonly projectId: bigint;
  /** Base units. */
  readonly amount: bigint;
}

export interface DepositResult extends Mined {
  /** What arrived, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly balance: bigint;
}

/**
 * Adds to a project's credit. Anyone may; never touches a thaw. Approved to the escrow before.
 *
 * @throws `UNKNOWN_PROJECT`, `INSUFFICIENT_BALANCE`, `INSUFFICIENT_ALLOWANCE`, or what every write throws, see
 *   `sendCall`.
 */
export async function deposit(client: NetworkWriter, parameters: DepositParameters): Promise<DepositResult> {
  const { projectId, amount, ...options } = parameters;
  const contract = creditEscrow(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "deposit", args: [projectId, amount] },
    options,
  );
  const event = eventOf(sent, contract, "Deposited");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, amount: event.amount, balance: event.balance };
}
