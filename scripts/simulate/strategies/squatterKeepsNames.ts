import { usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";

const NAMES = 50;
const ACCOUNT = "outsider";

export const squatterKeepsNames: Strategy = {
  name: "squatter-keeps-names",
  who: "outsider",
  tries:
    "claims 50 names with projects of the least cap and one seat, and keeps them with a cent of credit each",
  accounts: [ACCOUNT],
  cheat(world) {
    world.hooks.push((w) => {
      if (w.epoch === 2) {
        for (let i = 1; i <= NAMES; i++) {
          const cap = w.model.prices.base;
          w.act({ kind: "createProject", by: ACCOUNT, domain: `famous-${i}`, nodeIds: [1], cap });
          const projectId = BigInt(w.model.projects.length);
          w.act({ kind: "deposit", by: ACCOUNT, projectId, amount: usd(0.01) });
        }
      }
      for (let i = 1; w.isOpen && i <= NAMES; i++) {
        if (w.epoch % 30 === 0) {
          w.act({ kind: "noticeLapse", by: "thief", domain: `famous-${i}` });
          w.act({ kind: "lapse", by: "thief", domain: `famous-${i}` });
        }
        if (w.model.names.has(`famous-${i}`)) w.book(ACCOUNT, w.assumptions.nameUsdPerEpoch);
      }
    });
  },
  bound: {
    text: "what its names are worth to it",
    usd: (world, epochs) => NAMES * world.assumptions.nameUsdPerEpoch * epochs,
  },
  why: "A name costs the gas of a project and one budget of credit, which stays the squatter's: with a low cap next to nothing. Lapsing frees what was abandoned, not what somebody keeps on purpose.",
};
