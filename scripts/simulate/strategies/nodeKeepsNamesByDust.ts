import { projectIn } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner, projectOwner } from "../world/createWorld.ts";
import { usageOf } from "../world/traffic.ts";
import { corruptNode, corruptOwner } from "./support.ts";

/** Its project has a seat on node 1, and is abandoned with a little credit. */
const DEAD = 8;
const LEFT_USD = 0.5;
const accounts = [nodeOwner(1)];

export const nodeKeepsNamesByDust: Strategy = {
  name: "node-keeps-a-dead-name-by-dust",
  who: "node",
  tries: "charges a dead project a thousandth of a dollar every 30 epochs, so that its name never lapses",
  accounts,
  assumptions: { projectChurn: 0, nodeChurn: 0 },
  prepare: {
    name: "owner 8 is gone, and an outsider waits for its name",
    apply(world) {
      corruptOwner(world, DEAD, {
        fund(w, { account: by, projectId }) {
          if (w.epoch === 2) w.act({ kind: "deposit", by, projectId, amount: usd(LEFT_USD) });
        },
        check: () => "accept",
      });
      world.hooks.push((w) => {
        if (w.epoch % 10 !== 5) return;
        const domain = `site-${DEAD}-0`;
        w.act({ kind: "noticeLapse", by: "outsider", domain });
        w.act({ kind: "lapse", by: "outsider", domain });
      });
    },
  },
  cheat: (world) =>
    corruptNode(world, 1, {
      report(w, _, { usage, projectId, epoch }) {
        const isDead = projectIn(w.model, projectId)?.owner === projectOwner(DEAD);
        if (isDead && epoch % 30 === 0) return usageOf(w, 1);
        return usage.requests === 0n ? undefined : usage;
      },
      act(w, { owner }) {
        // What holding the name is worth, beyond the time that a lapse takes anyway.
        const isKept = w.isOpen && w.epoch > 120 && w.model.names.has(`site-${DEAD}-0`);
        if (isKept) w.book(owner, w.assumptions.nameUsdPerEpoch);
      },
    }),
  bound: { text: "what is left of the project's credit", usd: () => LEFT_USD },
  why: "A charge is no deposit: the name lapses 90 epochs after the notice. The dust itself is usage invented for an owner who does not look.",
};
