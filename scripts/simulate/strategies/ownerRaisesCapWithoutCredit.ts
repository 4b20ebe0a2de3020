import { projectIn } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import { corruptOwner } from "./support.ts";

export const ownerRaisesCapWithoutCredit: Strategy = {
  name: "owner-raises-cap-without-credit",
  who: "owner",
  tries:
    "keeps credit for the least cap, and raises the cap every other epoch to be served more than it can pay",
  accounts: [projectOwner(1)],
  cheat: (world) =>
    corruptOwner(world, 1, {
      fund(w, { account: by, projectId }) {
        const balance = projectIn(w.model, projectId)?.credit.balance ?? 0n;
        if (balance < 100_000n) w.act({ kind: "deposit", by, projectId, amount: 100_000n });
      },
      act(w, { account: by, projectId }) {
        const cap = w.epoch % 2 === 0 ? usd(w.assumptions.capUsd) : w.model.prices.base;
        if (w.isOpen) w.act({ kind: "setBudget", by, projectId, cap });
      },
    }),
  why: "A node serves an epoch only while the available credit covers the budget of its own terms: the raised cap is not served without credit for it.",
};
