import type { ModelAccount } from "@worker3/sdk/model";
import { type Assumptions, DEFAULT_ASSUMPTIONS } from "./assumptions.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Strategy } from "./Strategy.ts";
import type { TimedAction } from "./TimedAction.ts";
import { createWorld, EXTRA_ACCOUNTS, PURSE_USD } from "./world/createWorld.ts";
import { runWorld } from "./world/runWorld.ts";
import type { World } from "./world/World.ts";
import { wealthOf } from "./world/wealth.ts";

/** What a strategy earned against honesty. Everything in USD an epoch, the mean over all worlds. */
export interface Comparison {
  readonly name: string;
  readonly who: string;
  readonly tries: string;
  /** Who cheats among how many. */
  readonly population: string;
  readonly cheaterUsdPerEpoch: number;
  readonly honestUsdPerEpoch: number;
  readonly gainUsdPerEpoch: number;
  /** Of the gain, over the worlds. */
  readonly standardErrorUsd: number;
  /** What all other owners and nodes lost by it. */
  readonly victimsLossUsdPerEpoch: number;
  /** What the network's fees gained by it. */
  readonly treasuryGainUsdPerEpoch: number;
  readonly boundUsdPerEpoch: number | undefined;
  readonly bound: string | undefined;
  readonly verdict: Verdict;
  readonly why: string;
}

/** How long, how often, from which seed. */
export interface RunSize {
  readonly epochs: number;
  readonly worlds: number;
  readonly seed: number;
  readonly assume?: Partial<Assumptions> | undefined;
}

/** What everyone earned in an honest world, by what makes the world: many strategies share a twin. */
export type Twins = Map<string, ReadonlyMap<ModelAccount, number>>;

/** Runs the strategy and its honest twin in each world. */
export function compareStrategy(
  strategy: Strategy,
  { epochs, worlds, seed, assume }: RunSize,
  twins: Twins,
): Comparison {
  const assumptions = { ...DEFAULT_ASSUMPTIONS, ...strategy.assumptions, ...assume };
  const runs = Array.from({ length: worlds }, (_, i) => {
    const worldSeed = seed + i;
    const world = startWorld(strategy, assumptions, worldSeed, true);
    runWorld(world, epochs);
    const cheated = earningsOf(world);
    const honest = twinOf(strategy, assumptions, worldSeed, epochs, twins);
    const sumOver = (
      earned: ReadonlyMap<ModelAccount, number>,
      belongs: (account: ModelAccount) => boolean,
    ) => [...earned].reduce((sum, [account, amount]) => (belongs(account) ? sum + amount : sum), 0) / epochs;
    const isCheat = (account: ModelAccount) => strategy.accounts.includes(account);
    const isTreasury = (account: ModelAccount) => account === world.model.feeReceiver && !isCheat(account);
    const isVictim = (account: ModelAccount) => !isCheat(account) && !isTreasury(account);
    return {
      cheater: sumOver(cheated, isCheat),
      honest: sumOver(honest, isCheat),
      loss: sumOver(honest, isVictim) - sumOver(cheated, isVictim),
      treasury: sumOver(cheated, isTreasury) - sumOver(honest, isTreasury),
      bound: strategy.bound === undefined ? undefined : strategy.bound.usd(world, epochs) / epochs,
    };
  });
  const mean = (pick: (run: (typeof runs)[number]) => number) =>
    runs.reduce((sum, run) => sum + pick(run), 0) / worlds;
  const gain = mean(({ cheater, honest }) => cheater - honest);
  const spread = mean(({ cheater, honest }) => (cheater - honest - gain) ** 2);
  const standardErrorUsd = worlds < 2 ? 0 : Math.sqrt(spread / (worlds - 1));
  const boundUsdPerEpoch = strategy.bound === undefined ? undefined : mean(({ bound }) => bound ?? 0);
  return {
    name: strategy.name,
    who: strategy.who,
    tries: strategy.tries,
    population: populationOf(strategy, assumptions),
    cheaterUsdPerEpoch: mean(({ cheater }) => cheater),
    honestUsdPerEpoch: mean(({ honest }) => honest),
    gainUsdPerEpoch: gain,
    standardErrorUsd,
    victimsLossUsdPerEpoch: mean(({ loss }) => loss),
    treasuryGainUsdPerEpoch: mean(({ treasury }) => treasury),
    boundUsdPerEpoch,
    bound: strategy.bound?.text,
    verdict: judge({ gain, standardErrorUsd, boundUsdPerEpoch }),
    why: strategy.why,
  };
}

/** How many of whom cheat. */
function populationOf({ accounts }: Strategy, { nodes, projects }: Assumptions): string {
  const cheats = [
    [accounts.filter((account) => account.startsWith("node owner")).length, `of ${nodes} nodes`],
    [accounts.filter((account) => account.startsWith("project owner")).length, `of ${projects} owners`],
  ].flatMap(([count, of]) => (count === 0 ? [] : [`${count} ${of}`]));
  const others = accounts.filter((account) => !/^(node|project) owner/.test(account));
  return [...cheats, ...others].join(", ");
}

/** A world before its first full epoch, with the cheats in it or without. */
export function startWorld(
  strategy: Strategy,
  assumptions: Assumptions,
  seed: number,
  withCheats: boolean,
  log?: TimedAction[],
): World {
  const world = createWorld({ assumptions, seed, log });
  strategy.prepare?.apply(world);
  if (withCheats) strategy.cheat(world);
  return world;
}

function twinOf(
  strategy: Strategy,
  assumptions: Assumptions,
  seed: number,
  epochs: number,
  twins: Twins,
): ReadonlyMap<ModelAccount, number> {
  const key = JSON.stringify([assumptions, strategy.prepare?.name, seed, epochs]);
  const known = twins.get(key);
  if (known !== undefined) return known;
  const world = startWorld(strategy, assumptions, seed, false);
  runWorld(world, epochs);
  const earned = earningsOf(world);
  twins.set(key, earned);
  return earned;
}

/** What everyone has more than in the beginning, in USD. */
function earningsOf(world: World): ReadonlyMap<ModelAccount, number> {
  const isFunded = new Set([
    ...world.nodes.map(({ owner }) => owner),
    ...world.owners.map(({ account }) => account),
    ...EXTRA_ACCOUNTS,
  ]);
  return new Map([...wealthOf(world)].map(([who, has]) => [who, has - (isFunded.has(who) ? PURSE_USD : 0)]));
}
