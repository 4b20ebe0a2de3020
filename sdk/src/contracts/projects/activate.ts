import type { Hash } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface ActivateParameters extends WriteOptions {
  readonly projectId: bigint;
  readonly version: number;
  /** The digest in the version's CID: guards against a version number that a reorganised chain gave to other content. */
  readonly digest: Hash;
}

/**
 * Makes a version active and ends a split: a rollback, or the end of a trial. For the owner or a delegate.
 *
 * @throws `NOT_DEPLOYER`, `UNKNOWN_VERSION`, `WRONG_DIGEST`, or what every write throws, see `sendCall`.
 */
export async function activate(client: NetworkWriter, parameters: ActivateParameters): Promise<Mined> {
  const { projectId, version, digest, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "activate", args: [projectId, version, digest] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
