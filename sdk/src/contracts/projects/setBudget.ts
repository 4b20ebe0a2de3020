import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetBudgetParameters extends WriteOptions {
  readonly projectId: bigint;
  /** Base units. */
  readonly cap: bigint;
}

export interface SetBudgetResult extends Mined {
  /** The first epoch that is judged by the new terms. */
  readonly fromEpoch: number;
}

/**
 * Sets what one seat may charge in one epoch, from the next epoch on. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `CAP_OUT_OF_BOUNDS`, or what every write throws, see `sendCall`.
 */
export async function setBudget(
  client: NetworkWriter,
  parameters: SetBudgetParameters,
): Promise<SetBudgetResult> {
  const { projectId, cap, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setBudget", args: [projectId, Number(cap)] },
    options,
  );
  const { fromEpoch } = eventOf(sent, contract, "TermsSet");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, fromEpoch };
}
