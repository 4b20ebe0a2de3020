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

type ParameterActionKind = "setPrices" | "setParameters" | "setMinStake" | "setMaxCap" | "pause";

/**
 * What the admin may set, within the bounds in code. The access manager's delay comes before these calls and is not
 * modelled. Source: contracts/base/{PriceBook,Pausable}.sol and the setters of the four contracts.
 */
export const parameterRules: ModelRules<ParameterActionKind> = {
  setPrices(model, { by, prices }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    if (!isInBounds(prices, model.defaultCap)) return refuse("PRICES_OUT_OF_BOUNDS");
    const epoch = currentEpoch(model);
    if (epoch < model.prices.fromEpoch + model.times.late) return refuse("PRICES_TOO_SOON");
    if (prices.fromEpoch < epoch + PRICES_AHEAD) return refuse("PRICES_NOT_AHEAD");
    model.pricesBefore = model.prices;
    model.prices = prices;
    return DONE;
  },

  setParameters(model, { by, minBond, maxSlash, arbiter }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    if (minBond > MOST_MIN_BOND || maxSlash > MOST_MAX_SLASH) return refuse("PARAMETERS_OUT_OF_BOUNDS");
    model.minBond = minBond;
    model.maxSlash = maxSlash;
    model.arbiter = arbiter;
    return DONE;
  },

  setMinStake(model, { by, minStake }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    if (minStake < LEAST_MIN_STAKE || minStake > MOST_MIN_STAKE) return refuse("MIN_STAKE_OUT_OF_BOUNDS");
    model.minStake = minStake;
    return DONE;
  },

  setMaxCap(model, { by, maxCap }) {
    if (by !== model.admin) return refuse("ACCESS_MANAGED_UNAUTHORIZED");
    if (maxCap < model.defaultCap) return refuse("MAX_CAP_OUT_OF_BOUNDS");
    model.maxCap = maxCap;
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
