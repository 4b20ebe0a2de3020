import type { Strategy } from "../Strategy.ts";

export const outsiderLapsesNames: Strategy = {
  name: "outsider-lapses-names",
  who: "outsider",
  tries: "calls lapse on every name every ten epochs, to take the names of projects in use",
  accounts: ["outsider"],
  cheat(world) {
    world.hooks.push((w) => {
      if (w.epoch % 10 !== 0) return;
      for (const [label, { projectId }] of w.model.names) {
        const outcome = w.act({ kind: "lapse", by: "outsider", label });
        const isUsed = w.owners.some((owner) => owner.projectId === projectId);
        if (outcome.refused === undefined && isUsed) w.book("outsider", w.assumptions.nameUsdPerEpoch * 365);
      }
    });
  },
  why: "A name lapses only where its project could not have paid an epoch's budget for 90 epochs.",
};
