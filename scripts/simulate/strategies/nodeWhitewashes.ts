import { unpackTerms } from "@worker3/sdk";
import { nodeIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1)];

export const nodeWhitewashes: Strategy = {
  name: "node-whitewashes-while-arbiter-sleeps",
  who: "node",
  tries: "as before, and comes back as a new node whenever it has no seats left",
  accounts,
  assumptions: { arbiterLatencyEpochs: 99, projectChurn: 0.02 },
  cheat: (world) =>
    corruptNode(world, 1, {
      report: (w, _, served) => toCap(w, served),
      act(w, { owner: by, nodeId }) {
        const node = nodeIn(w.model, nodeId);
        if (!w.isOpen || node === undefined || node.retiredFrom !== 0 || w.epoch % 15 !== 0) return;
        const isSeated = w.model.projects.some(({ terms }) => unpackTerms(terms).nodeIds.includes(nodeId));
        if (!isSeated) w.act({ kind: "requestUnstake", by, nodeId, amount: node.stake });
      },
    }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "A new node costs a stake for as long as the old one thaws. Owners who avoid the old one meet it again.",
};
