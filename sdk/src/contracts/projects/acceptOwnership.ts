import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface AcceptOwnershipParameters extends WriteOptions {
  readonly projectId: bigint;
}

/**
 * Takes over a project with its credit and its domains. Clears the meter, and delegates of the owner before no
 * longer count. For the proposed owner.
 *
 * @throws `NOT_PENDING_PROJECT_OWNER`, or what every write throws, see `sendCall`.
 */
export async function acceptOwnership(
  client: NetworkWriter,
  parameters: AcceptOwnershipParameters,
): Promise<Mined> {
  const { projectId, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "acceptOwnership", args: [projectId] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
