import { nodeIn } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const EXCESS_USD = 200;
const CHEATS_FROM = 40;
const accounts = [nodeOwner(1)];

export const nodeKeepsARipeThaw: Strategy = {
  name: "node-keeps-a-ripe-thaw",
  who: "node",
  tries:
    "lets what it has above minStake thaw to the end, invents to the cap, and takes it out before the first decision",
  accounts,
  cheat: (world) =>
    corruptNode(world, 1, {
      report: (w, _, served) =>
        w.epoch < CHEATS_FROM ? (served.usage.requests === 0n ? undefined : served.usage) : toCap(w, served),
      act(w, { owner: by, nodeId }) {
        const node = nodeIn(w.model, nodeId);
        if (node === undefined || node.retiredFrom !== 0) return;
        if (w.epoch === 5) w.act({ kind: "requestUnstake", by, nodeId, amount: usd(EXCESS_USD) });
        if (w.epoch === CHEATS_FROM) w.act({ kind: "withdrawStake", by, nodeId });
      },
    }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "It saves nothing but what was never counted on: only minStake stands behind a node, so minStake alone must be enough.",
};
