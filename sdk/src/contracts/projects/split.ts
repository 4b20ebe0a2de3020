import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface SplitParameters extends WriteOptions {
  readonly projectId: bigint;
  readonly version: number;
  /** Of 10000 visitors, at most 9999; 0 ends the split. */
  readonly bps: number;
}

/**
 * Serves a version to some visitors beside the active one. For the owner or a delegate.
 *
 * @throws `NOT_DEPLOYER`, `UNKNOWN_VERSION`, `SPLIT_WITH_ACTIVE`, `SPLIT_BPS`, or what every write throws, see
 *   `sendCall`.
 */
export async function split(client: NetworkWriter, parameters: SplitParameters): Promise<Mined> {
  const { projectId, version, bps, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "split", args: [projectId, version, bps] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
