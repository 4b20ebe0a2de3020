import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { assetContract } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface AllowanceOfParameters extends ReadOptions {
  readonly owner: Address;
  readonly spender: Address;
}

/**
 * What `spender` may take of an account's asset, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function allowanceOf(client: NetworkClient, parameters: AllowanceOfParameters): Promise<bigint> {
  const { owner, spender, at } = parameters;
  return readView(
    client,
    { ...assetContract(client), functionName: "allowance", args: [owner, spender] },
    { at },
  );
}
