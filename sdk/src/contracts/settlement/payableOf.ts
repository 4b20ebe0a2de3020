import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface PayableOf {
  /** The node's share. */
  readonly amount: bigint;
  /** The network's. */
  readonly fee: bigint;
}

export interface PayableOfParameters extends ReadOptions {
  readonly nodeId: number;
}

/**
 * What is payable to a node already, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function payableOf(client: NetworkClient, parameters: PayableOfParameters): Promise<PayableOf> {
  const { nodeId, at } = parameters;
  const [amount, fee] = await readView(
    client,
    { ...usageSettlement(client), functionName: "payableOf", args: [nodeId] },
    { at },
  );
  return { amount, fee };
}
