import { PROTOCOL } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";

export const adminRaisesFee: Strategy = {
  name: "admin-raises-fee",
  who: "admin",
  tries: "sets the fee to the most that the code allows, 20%",
  accounts: ["treasury"],
  cheat(world) {
    world.hooks.push((w) => {
      if (w.epoch !== 10) return;
      w.act({ kind: "setPrices", by: "admin", prices: { ...PROTOCOL.prices, feeBps: 2_000, fromEpoch: 12 } });
    });
  },
  bound: {
    text: "20% of what nodes are paid",
    usd: (world) =>
      [...world.model.receipts.values()].reduce((sum, { amount }) => sum + Number(amount) / 1e6, 0) * 0.2,
  },
  why: "Bounded in code and announced: a week's delay and two epochs. Receipts of epochs before keep their fee.",
};
