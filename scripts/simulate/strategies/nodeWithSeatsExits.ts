import { usd } from "../assumptions.ts";
import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, nodeAt, ownerAt, toCap } from "./support.ts";

const accounts = [nodeOwner(1)];
/** The seats count from the epoch after the first. */
const FIRST = 2;
/** What a stake of 1,000 USD takes with a `seatStakeFactor` of 120. */
const CAP_USD = 8.33;

/** A node with so many seats that leaves with what it invented. */
export function nodeWithSeatsExits(seats: number, why: string): Strategy {
  return {
    name: `node-exits-with-${seats}-seats`,
    who: "node",
    tries: `with a stake of 1,000 USD and ${seats} seats at the highest cap that it takes (8.33 USD), invents to the cap for five epochs, and leaves`,
    accounts,
    assumptions: {
      projects: Math.max(8, seats),
      capUsd: CAP_USD,
      stakeUsd: 1_000,
      requestsPerSeat: 2_000_000,
      projectChurn: 0,
      nodeChurn: 0,
    },
    prepare: {
      name: `node 1 sits in ${seats} projects`,
      apply(world) {
        // Its fifth epoch is its last; none of the five is seen before it is over. The twin leaves then, too.
        corruptNode(world, 1, {
          rejoins: false,
          submitsAfter: 4,
          act(w, { owner: by, nodeId }) {
            if (w.epoch === FIRST + 4) w.act({ kind: "requestUnstake", by, nodeId, amount: usd(1_000) });
          },
        });
        for (let index = 1; index <= world.owners.length; index++) {
          const { account: by, projectId } = ownerAt(world, index);
          const others = [2, 3, 4, 5, 6].map((id) => 2 + ((id + index) % 5));
          const nodeIds = index <= seats ? [1, ...others.slice(0, 2)] : others.slice(0, 3);
          world.act({ kind: "setReplicas", by, projectId, nodeIds });
          world.act({ kind: "setBudget", by, projectId, cap: usd(world.assumptions.capUsd) });
        }
      },
    },
    cheat(world) {
      const agent = nodeAt(world, 1);
      agent.behaviour = {
        ...agent.behaviour,
        report: (w, _, served) => (served.epoch < FIRST ? undefined : toCap(w, served)),
      };
    },
    bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
    why,
  };
}
