import type { Strategy } from "../Strategy.ts";

export const outsiderLapsesNames: Strategy = {
  name: "outsider-lapses-names",
  who: "outsider",
  tries: "notices a lapse of every name every ten epochs, and calls it, to take the names of projects in use",
  accounts: ["outsider"],
  cheat(world) {
    world.hooks.push((w) => {
      if (w.epoch % 10 !== 0) return;
      for (const [domain, { projectId }] of w.model.names) {
        w.act({ kind: "noticeLapse", by: "outsider", domain });
        const outcome = w.act({ kind: "lapse", by: "outsider", domain });
        const isUsed = w.owners.some((owner) => owner.projectId === projectId);
        if (outcome.refused === undefined && isUsed) w.book("outsider", w.assumptions.nameUsdPerEpoch * 365);
      }
    });
  },
  why: "A name lapses only where its project cannot pay an epoch's budget, and 90 epochs after somebody noticed that, with no deposit since.",
};
