import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { regionMask } from "../../protocol/regionMask.ts";
import type { Region } from "../../protocol/regions.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface DrawParameters extends ReadOptions {
  /** 1 to 8. */
  readonly count: bigint;
  readonly regions: readonly Region[];
  /** Uniform given this. */
  readonly seed: bigint;
}

/**
 * Up to `count` different nodes of some regions that take projects now. Looks at no more than 16 candidates, so
 * where many have expired it may find fewer.
 *
 * @throws `NO_NODES`, `DRAW_COUNT`, `REGION_MASK`, or that the chain cannot be asked.
 */
export async function draw(client: NetworkClient, parameters: DrawParameters): Promise<readonly number[]> {
  const { count, regions, seed, at } = parameters;
  return readView(
    client,
    { ...nodeRegistry(client), functionName: "draw", args: [count, regionMask(regions), seed] },
    { at },
  );
}
