import type { Address } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface TransferOwnershipParameters extends WriteOptions {
  readonly nodeId: number;
  readonly newOwner: Address;
}

/**
 * Proposes a new owner of a node, who then calls `acceptOwnership`; the zero address takes the proposal back.
 *
 * @throws `NOT_NODE_OWNER`, or what every write throws, see `sendCall`.
 */
export async function transferOwnership(
  client: NetworkWriter,
  parameters: TransferOwnershipParameters,
): Promise<Mined> {
  const { nodeId, newOwner, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "transferOwnership", args: [nodeId, newOwner] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
