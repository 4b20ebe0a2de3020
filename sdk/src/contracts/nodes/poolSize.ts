import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { regionNumber } from "../../protocol/regionNumber.ts";
import type { Region } from "../../protocol/regions.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface PoolSizeParameters extends ReadOptions {
  readonly region: Region;
}

/**
 * How many nodes of a region are in the pool that draws look at; expired ones count until they are pruned.
 *
 * @throws `UNKNOWN_REGION`, or that the chain cannot be asked.
 */
export async function poolSize(client: NetworkClient, parameters: PoolSizeParameters): Promise<number> {
  const { region, at } = parameters;
  const answer = await readView(
    client,
    { ...nodeRegistry(client), functionName: "poolSize", args: [regionNumber(region)] },
    { at },
  );
  return Number(answer);
}
