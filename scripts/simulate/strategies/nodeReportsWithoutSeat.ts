import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { usageOf } from "../world/traffic.ts";
import { nodeAt } from "./support.ts";

export const nodeReportsWithoutSeat: Strategy = {
  name: "node-reports-without-a-seat",
  who: "node",
  tries: "adds receipts for every project in which it has no seat",
  accounts: [nodeOwner(1)],
  cheat(world) {
    world.hooks.push((w) => {
      if (!w.isOpen) return;
      const { owner: by, operator: signer, nodeId } = nodeAt(w, 1);
      const usage = usageOf(w, w.assumptions.requestsPerSeat);
      const receipts = w.owners.map(({ projectId }) => ({ projectId, ...usage }));
      const seated = w.owners.flatMap(({ projectId }) =>
        w.served.has(`${projectId}/${nodeId}/${w.epoch - 1}`) ? [projectId] : [],
      );
      const others = receipts.filter(({ projectId }) => !seated.includes(projectId));
      if (others.length > 0)
        w.act({ kind: "submit", by, nodeId, epoch: w.epoch - 1, receipts: others, signer });
    });
  },
  why: "Terms of the epoch decide: such receipts are skipped. Only seats that it was given and that nobody funded count, once they are funded again, as invented usage.",
};
