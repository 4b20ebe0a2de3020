import { receiptKey } from "@worker3/sdk/model";
import { pricedOf } from "./traffic.ts";
import type { FreshReceipt, World } from "./World.ts";

/**
 * The chance that a close look finds a receipt too high: `1 - exp(-(excess / noise)^2)`, where `excess` is by how much it
 * is above what was really served. 0 where it is not above.
 *
 * @param noise The looker's own error: an excess of that share is found in 63% of the looks.
 */
export function findProbability(
  world: World,
  { projectId, nodeId, epoch, claimed }: Omit<FreshReceipt, "amount">,
  noise: number,
): number {
  const real = world.served.get(receiptKey(projectId, nodeId, epoch))?.priced ?? 0n;
  const said = pricedOf(world, epoch, claimed);
  if (said <= real) return 0;
  if (real === 0n) return 1;
  const excess = Number(said) / Number(real) - 1;
  return 1 - Math.exp(-((excess / noise) ** 2));
}
