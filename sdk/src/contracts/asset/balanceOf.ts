import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { assetContract } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface BalanceOfParameters extends ReadOptions {
  readonly who: Address;
}

/**
 * What an account holds of the asset, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function balanceOf(client: NetworkClient, parameters: BalanceOfParameters): Promise<bigint> {
  const { who, at } = parameters;
  return readView(client, { ...assetContract(client), functionName: "balanceOf", args: [who] }, { at });
}
