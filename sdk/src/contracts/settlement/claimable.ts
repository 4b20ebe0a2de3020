import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface Claimable {
  /** To the node's owner. */
  readonly paid: bigint;
  /** To the network. */
  readonly fee: bigint;
}

export interface ClaimableParameters extends ReadOptions {
  readonly nodeId: number;
  readonly epochs: readonly number[];
}

/**
 * What `claim` with these epochs would pay now, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function claimable(client: NetworkClient, parameters: ClaimableParameters): Promise<Claimable> {
  const { nodeId, epochs, at } = parameters;
  const [paid, fee] = await readView(
    client,
    { ...usageSettlement(client), functionName: "claimable", args: [nodeId, epochs] },
    { at },
  );
  return { paid, fee };
}
