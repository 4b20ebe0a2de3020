import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface TransferOwnershipParameters extends WriteOptions {
  readonly projectId: bigint;
  readonly newOwner: Address;
}

/**
 * Proposes a new owner of a project, who then calls `acceptOwnership`; the zero address takes the proposal back.
 *
 * @throws `NOT_PROJECT_OWNER`, or what every write throws, see `sendCall`.
 */
export async function transferOwnership(
  client: NetworkWriter,
  parameters: TransferOwnershipParameters,
): Promise<Mined> {
  const { projectId, newOwner, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "transferOwnership", args: [projectId, newOwner] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
