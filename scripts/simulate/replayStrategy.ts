import { type Replayed, replayActions } from "@worker3/sdk/testing";
import { DEFAULT_ASSUMPTIONS, PROTOCOL } from "./assumptions.ts";
import { startWorld } from "./compareStrategy.ts";
import type { Strategy } from "./Strategy.ts";
import type { TimedAction } from "./TimedAction.ts";
import { runWorld } from "./world/runWorld.ts";

/**
 * Runs a strategy for some epochs, and makes all of its world's calls on the real contracts: each has to be done or
 * refused as on the model, and after every epoch both have to hold the same, to the unit.
 *
 * @throws AssertionError where they differ.
 */
export async function replayStrategy(strategy: Strategy, epochs: number, seed: number): Promise<Replayed> {
  const log: TimedAction[] = [];
  const assumptions = { ...DEFAULT_ASSUMPTIONS, ...strategy.assumptions };
  const world = startWorld(strategy, assumptions, seed, true, log);
  runWorld(world, epochs);
  return replayActions(PROTOCOL, log);
}
