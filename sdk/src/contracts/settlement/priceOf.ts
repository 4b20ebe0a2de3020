import type { NetworkClient } from "../../network/createNetworkClient.ts";
import type { Usage } from "../../protocol/amountOf.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface PriceOfParameters extends ReadOptions {
  readonly epoch: number;
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
  readonly usage: Usage;
}

/**
 * What a receipt of an epoch costs a project, in base units. `amountOf` says the same without asking.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function priceOf(client: NetworkClient, parameters: PriceOfParameters): Promise<bigint> {
  const { epoch, cap, usage, at } = parameters;
  return readView(
    client,
    {
      ...usageSettlement(client),
      functionName: "priceOf",
      args: [epoch, Number(cap), usage.requests, usage.cpuMs, usage.egressKiB],
    },
    { at },
  );
}
