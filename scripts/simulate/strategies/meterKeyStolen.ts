import { projectIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { honestOwner } from "../world/honestOwner.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1)];

export const meterKeyStolen: Strategy = {
  name: "meter-keys-stolen",
  who: "thief",
  tries: "a node with every meter's key invents to the cap and releases its receipts before owners look",
  accounts,
  prepare: {
    name: "every project has a meter",
    apply(world) {
      for (const owner of world.owners) {
        owner.behaviour = {
          ...honestOwner,
          act(w, { account: by, projectId }) {
            const project = projectIn(w.model, projectId);
            if (project?.meter === undefined) w.act({ kind: "setMeter", by, projectId, meter: "meter" });
          },
        };
      }
    },
  },
  cheat(world) {
    corruptNode(world, 1, { report: (w, _, served) => toCap(w, served) });
    // After the node submitted, before any owner looks.
    const owners = world.owners.map((owner) => ({ owner, honest: owner.behaviour.check }));
    for (const { owner, honest } of owners) {
      owner.behaviour = {
        ...owner.behaviour,
        check(w, self, receipt) {
          const by = w.model.nodes[receipt.nodeId - 1]?.owner ?? "";
          const { projectId, nodeId, epoch } = receipt;
          if (accounts.includes(by))
            w.act({ kind: "release", by, projectId, nodeId, epoch, signer: "meter" });
          return honest(w, self, receipt);
        },
      };
    }
  },
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "What is released cannot be disputed: it gains for the first weeks, until owners have moved away. A meter key is worth the caps of the seats it meters.",
};
