import { projectIn, seatRefusal } from "@worker3/sdk/model";
import { inUsd, usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";
import type { World } from "../world/World.ts";
import { corruptOwner, nodeAt, ownerAt } from "./support.ts";

const accounts = [projectOwner(1)];
const tries =
  "gives seats for the next epoch in the first second of each and takes them back in the last, with one seat at the least cap";

/** The hosting that an audit had for nothing: seats that no epoch's terms ever hold. */
function seatAhead(world: World): void {
  const { account, projectId } = ownerAt(world, 1);
  world.act({ kind: "setReplicas", by: account, projectId, nodeIds: [nodeAt(world, 1).nodeId] });
  world.act({ kind: "setBudget", by: account, projectId, cap: world.model.prices.base });
  corruptOwner(world, 1, {
    check: () => "accept",
    act(w, { account: by, projectId: id }) {
      if (!w.isOpen || projectIn(w.model, id)?.closedFrom !== 0) return;
      const cap = usd(w.assumptions.capUsd);
      const free = w.model.nodes
        .map(({ nodeId }) => nodeId)
        .filter(
          (nodeId) =>
            nodeId !== nodeAt(w, 1).nodeId && seatRefusal(w.model, nodeId, false, cap) === undefined,
        );
      w.act({ kind: "setReplicas", by, projectId: id, nodeIds: free.slice(0, w.assumptions.seats) });
      w.act({ kind: "setBudget", by, projectId: id, cap });
    },
    actAfter(w, { account: by, projectId: id }) {
      if (!w.isOpen || projectIn(w.model, id)?.closedFrom !== 0) return;
      w.act({ kind: "setReplicas", by, projectId: id, nodeIds: [nodeAt(w, 1).nodeId] });
      w.act({ kind: "setBudget", by, projectId: id, cap: w.model.prices.base });
    },
  });
}

export const ownerSeatsAhead: Strategy = {
  name: "owner-seats-ahead-and-takes-back",
  who: "owner",
  tries,
  accounts,
  cheat: seatAhead,
  why: "Serving follows the terms of the epoch: a seat of the next epoch serves nothing in this one. Usage without a seat is nothing here, and priced in the agent's log.",
};

export const ownerSeatsAheadOfTheRule: Strategy = {
  name: "owner-seats-ahead-where-nodes-serve-at-once",
  who: "owner",
  tries: `${tries}, where nodes serve from the block that seats them`,
  accounts,
  // Projects of one size, so that what is given away stands out.
  assumptions: { servesAhead: 1, trafficSigma: 0, nodeChurn: 0 },
  cheat: seatAhead,
  bound: {
    text: "what is served without a seat, by what it is worth to the owner",
    usd: (world) => inUsd(world.unseated) * world.assumptions.valueOverPrice,
  },
  why: "What the rule is for: nodes that serve ahead of terms work for nobody's money, without a cap. A node may choose to; none has to.",
};
