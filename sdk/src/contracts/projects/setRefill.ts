import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { regionMask } from "../../protocol/regionMask.ts";
import type { Region } from "../../protocol/regions.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SetRefillParameters extends WriteOptions {
  readonly projectId: bigint;
  /** Where refills draw from; none: they draw from nowhere. */
  readonly regions: readonly Region[];
  /** Whether refills leave seat 0 alone. */
  readonly pinHome: boolean;
}

/**
 * Sets how `refill` works for a project. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `PROJECT_CLOSED`, or what every write throws, see `sendCall`.
 */
export async function setRefill(client: NetworkWriter, parameters: SetRefillParameters): Promise<Mined> {
  const { projectId, regions, pinHome, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setRefill", args: [projectId, regionMask(regions), pinHome] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
