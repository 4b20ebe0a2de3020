import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface LapseParameters extends WriteOptions {
  readonly domain: string;
}

export interface LapseResult extends Mined {
  /** The project that had it. */
  readonly projectId: bigint;
}

/**
 * Takes a name of the zone from a project whose credit was below one epoch's budget for 90 epochs. Anyone may; the
 * name is free at once.
 *
 * @throws `NOT_IN_ZONE`, `NAME_FREE`, `NOT_LAPSED`, or what every write throws, see `sendCall`.
 */
export async function lapse(client: NetworkWriter, parameters: LapseParameters): Promise<LapseResult> {
  const { domain, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(client, { ...contract, functionName: "lapse", args: [domain] }, options);
  const { projectId } = eventOf(sent, contract, "DomainReleased");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, projectId };
}
