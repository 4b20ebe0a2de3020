import { conservationProblem } from "@worker3/sdk/model";
import { runEpoch } from "./runEpoch.ts";
import type { World } from "./World.ts";

/**
 * Runs a world for so many epochs and then winds it down: no more traffic, until the last receipt is paid and the last
 * dispute ended.
 *
 * @throws Error when money came, went or was lost: in any epoch.
 */
export function runWorld(world: World, epochs: number): void {
  const { late, dispute, decide } = world.model.times;
  const first = world.epoch + 1;
  for (let epoch = first; epoch < first + epochs + late + dispute + decide + 3; epoch++) {
    world.isOpen = epoch < first + epochs;
    runEpoch(world, epoch);
    const problem = conservationProblem(world.model, world.minted);
    if (problem !== undefined) throw new Error(`epoch ${epoch} of seed ${world.seed}: ${problem}`);
  }
}
