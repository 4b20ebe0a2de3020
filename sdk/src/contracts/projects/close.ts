import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface CloseParameters extends WriteOptions {
  readonly projectId: bigint;
}

export interface CloseResult extends Mined {
  /** The first epoch in which it has no seats. */
  readonly closedFrom: number;
}

/**
 * Closes a project for ever: its seats are empty from the next epoch on, its names rest for 30 epochs, its credit
 * leaves by its thaw. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `PROJECT_CLOSED`, or what every write throws, see `sendCall`.
 */
export async function close(client: NetworkWriter, parameters: CloseParameters): Promise<CloseResult> {
  const { projectId, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(client, { ...contract, functionName: "close", args: [projectId] }, options);
  const { closedFrom } = eventOf(sent, contract, "Closed");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, closedFrom };
}
