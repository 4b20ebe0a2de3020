import type { Prices } from "../protocol/prices.ts";
import { DONE, type ModelRules, refuse } from "./action.ts";
import { currentEpoch } from "./views.ts";

const PRICES_AHEAD = 2;
const PAUSE_REST = 7;
const MAX_FEE_BPS = 2_000;
const MAX_RATE = 1_000_000_000n;
const MOST_MIN_BOND = 1_000_000_000n;
const MOST_MAX_SLASH = 100_000_000_000n;
const LEAST_MIN_STAKE = 1_000_000n;
const MOST_MIN_STAKE = 1_000_000_000_000n;
const MOST_SEAT_STAKE_FACTOR = 200n;
const SLASH_SHARE_BPS = { least: 500n, most: 5_000n };
const SLASH_FACTOR = { least: 10n, most: 1_000n };
const MOST_REWARD_FACTOR = 10n;
const MOST_PRICES_AHEAD = 90;
/** Epochs that a suspension of decisions lasts, and from its end to the next. */
const SUSPENSION = 30;

type ParameterActionKind =
  | "setPrices"
  | "setParameters"
  | "setNodeParameters"
  | "setMaxCap"
  | "suspendDecisions"
  | "pause";

/**
 * What the admin may set, within the bounds in code. The access manager's delay comes before these calls and is not
 * modelled. Source: contracts/settlement/PriceBook.sol, contracts/base/Pausable.sol
 * and the setters of the contracts.
 */
export const parameterRules: ModelRules<ParameterActionKind> = {
  setPrices(model, { by, prices }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    if (!isInBounds(prices, model.defaultCap)) return refuse("PRICES_OUT_OF_BOUNDS");
    const epoch = currentEpoch(model);
    if (epoch < model.prices.fromEpoch + model.times.late) return refuse("PRICES_TOO_SOON");
    if (prices.fromEpoch < epoch + PRICES_AHEAD) return refuse("PRICES_NOT_AHEAD");
    if (prices.fromEpoch > epoch + MOST_PRICES_AHEAD) return refuse("PRICES_TOO_FAR_AHEAD");
    model.pricesBefore = model.prices;
    model.prices = prices;
    return DONE;
  },

  setParameters(model, { by, minBond, maxSlash, slashFloor, slashFactor, rewardFactor, arbiter }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    const isInRange = slashFactor >= SLASH_FACTOR.least && slashFactor <= SLASH_FACTOR.most;
    const isOut = minBond > MOST_MIN_BOND || maxSlash > MOST_MAX_SLASH || slashFloor > minBond;
    if (isOut || !isInRange || rewardFactor > MOST_REWARD_FACTOR) return refuse("PARAMETERS_OUT_OF_BOUNDS");
    // Another arbiter starts with a clean sheet; the same one goes on.
    const now = currentEpoch(model);
    if (arbiter !== model.disputeParameters.arbiter) model.decisionsSuspendedUntil = 0;
    else model.decisionsSuspendedUntil = Math.min(model.decisionsSuspendedUntil, now);
    model.disputeParameters = { minBond, maxSlash, slashFloor, slashFactor, rewardFactor, arbiter };
    return DONE;
  },

  setNodeParameters(model, { by, minStake, seatStakeFactor, maxSlashShareBps }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    const isShare = maxSlashShareBps >= SLASH_SHARE_BPS.least && maxSlashShareBps <= SLASH_SHARE_BPS.most;
    const isStake = minStake >= LEAST_MIN_STAKE && minStake <= MOST_MIN_STAKE;
    // Too much to ask would make every `deploy` revert.
    const isFactor =
      seatStakeFactor <= MOST_SEAT_STAKE_FACTOR && seatStakeFactor * model.defaultCap <= minStake;
    if (!isShare || !isStake || !isFactor) return refuse("NODE_PARAMETERS_OUT_OF_BOUNDS");
    model.nodeParameters = { minStake, seatStakeFactor, maxSlashShareBps };
    return DONE;
  },

  setMaxCap(model, { by, maxCap }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    if (maxCap < model.defaultCap) return refuse("MAX_CAP_OUT_OF_BOUNDS");
    model.maxCap = maxCap;
    return DONE;
  },

  suspendDecisions(model, { by }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    const [last, now] = [model.decisionsSuspendedUntil, currentEpoch(model)];
    if (last !== 0 && now < last + SUSPENSION) return refuse("SUSPENSION_TOO_SOON");
    model.decisionsSuspendedUntil = now + SUSPENSION;
    return DONE;
  },

  pause(model, { by, what }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    const last = model.pausedUntil[what];
    const { epochSeconds } = model.times;
    if (last !== 0 && model.nowSeconds < last + PAUSE_REST * epochSeconds) return refuse("PAUSE_TOO_SOON");
    model.pausedUntil[what] = model.nowSeconds + epochSeconds;
    return DONE;
  },
};

function isInBounds(prices: Prices, maxBase: bigint): boolean {
  const rates = [prices.perMRequests, prices.perMCpuMs, prices.perGiB];
  return prices.feeBps <= MAX_FEE_BPS && prices.base <= maxBase && rates.every((rate) => rate <= MAX_RATE);
}
