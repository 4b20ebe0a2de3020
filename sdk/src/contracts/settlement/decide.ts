import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { usageSettlement } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface DecideParameters extends WriteOptions {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
  readonly guilty: boolean;
  /** Base units; 0 for an innocent node. */
  readonly slash: bigint;
  /** Of the slash, for the disputer: at most half. */
  readonly reward: bigint;
}

export interface DecideResult extends Mined {
  /** What was taken, in base units. */
  readonly slashed: bigint;
  /** What of it the disputer may collect. */
  readonly reward: bigint;
}

/**
 * Decides a dispute. Guilty: the amount goes back to the project's credit, the bond to the disputer, and up to
 * `slash` of the node's stake is taken. Innocent: amount and bond go to the node. For the arbiter.
 *
 * @throws `NOT_ARBITER`, `NOT_DISPUTED`, `DECISION_WINDOW`, `SLASH_OUT_OF_BOUNDS`, or what every write throws, see
 *   `sendCall`.
 */
export async function decide(client: NetworkWriter, parameters: DecideParameters): Promise<DecideResult> {
  const { projectId, nodeId, epoch, guilty, slash, reward, ...options } = parameters;
  const contract = usageSettlement(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "decide", args: [projectId, nodeId, epoch, guilty, slash, reward] },
    options,
  );
  const event = eventOf(sent, contract, "Decided");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, slashed: event.slashed, reward: event.reward };
}
