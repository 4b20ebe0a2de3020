import { PROTOCOL } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";

const MAX_RATE = 1_000_000_000n;
const accounts = ["treasury", nodeOwner(1)];

export const adminSetsWorstPrices: Strategy = {
  name: "admin-sets-worst-prices",
  who: "admin",
  tries: "sets every price and the fee to its bound, with a node of its own, where no owner reacts",
  accounts,
  cheat(world) {
    world.hooks.push((w) => {
      if (w.epoch !== 10) return;
      const rates = { perMRequests: MAX_RATE, perMCpuMs: MAX_RATE, perGiB: MAX_RATE, feeBps: 2_000 };
      w.act({ kind: "setPrices", by: "admin", prices: { ...PROTOCOL.prices, ...rates, fromEpoch: 12 } });
    });
  },
  bound: {
    text: "cap x seats of every project an epoch: what owners agreed to lose",
    usd: (world, epochs) =>
      world.assumptions.projects * world.assumptions.seats * world.assumptions.capUsd * epochs,
  },
  why: "The cap holds against the admin too, and the delay gives a week to lower it or leave. Whoever does neither pays the cap.",
};
