import assert from "node:assert/strict";
import {
  applyAction,
  createModel,
  currentEpoch,
  type ModelAction,
  type ModelActionKind,
  type ModelParameters,
} from "../../model/index.ts";
import { compareModel } from "./compareModel.ts";
import { createModelChain } from "./createModelChain.ts";

/** A call and when it was made. */
export interface TimedAction {
  readonly action: ModelAction;
  /** Strictly rising. */
  readonly sinceGenesisSeconds: number;
}

/** What a replay was. */
export interface Replayed {
  /** Calls that the contracts made, by kind. */
  readonly done: ReadonlyMap<ModelActionKind, number>;
  /** Calls that the contracts refused, by reason: the model refused each for the same. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly valuesCompared: number;
}

/**
 * Makes the same calls on the contracts and on a fresh model: each has to be done or refused on both, for the same reason,
 * and at the last call of every epoch both have to hold the same.
 *
 * @throws AssertionError where they differ.
 */
export async function replayActions(
  parameters: ModelParameters,
  timed: readonly TimedAction[],
): Promise<Replayed> {
  const chain = await createModelChain(parameters, accountsIn(timed));
  try {
    const model = createModel({ ...parameters, times: chain.network.times });
    const done = new Map<ModelActionKind, number>();
    const refusals = new Map<string, number>();
    let valuesCompared = 0;
    for (const [i, { action, sinceGenesisSeconds }] of timed.entries()) {
      const { action: performed, outcome } = await chain.perform(action, sinceGenesisSeconds);
      model.nowSeconds = model.times.genesis + sinceGenesisSeconds;
      const foreseen = applyAction(model, performed);
      assert.equal(
        foreseen.refused ?? "done",
        outcome.refused ?? "done",
        `call ${i} in epoch ${currentEpoch(model)}: ${JSON.stringify(performed, (_, value) => (typeof value === "bigint" ? String(value) : value))}`,
      );
      if (outcome.refused === undefined) countIn(done, action.kind);
      else countIn(refusals, outcome.refused);
      if (isLastOfEpoch(timed, i, model.times.epochSeconds)) {
        valuesCompared += await compareModel(model, chain, `after call ${i} in epoch ${currentEpoch(model)}`);
      }
    }
    return { done, refusals, valuesCompared };
  } finally {
    await chain.stop();
  }
}

function countIn<key>(counts: Map<key, number>, key: key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function isLastOfEpoch(timed: readonly TimedAction[], index: number, epochSeconds: number): boolean {
  const epochOf = (at: number) => Math.floor((timed[at]?.sinceGenesisSeconds ?? -1) / epochSeconds);
  return epochOf(index) !== epochOf(index + 1);
}

function accountsIn(timed: readonly TimedAction[]): Set<string> {
  return new Set(timed.map(({ action }) => action.by));
}
