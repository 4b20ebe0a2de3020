import { projectIn } from "@worker3/sdk/model";
import { moveAway } from "./moveAway.ts";
import type { FreshReceipt, OwnerAgent, World } from "./World.ts";

/** Owners look at what was counted since they last did, dispute and move away as their behaviour says. */
export function checkReceipts(world: World): void {
  const owners = new Map(world.owners.map((owner) => [owner.account, owner]));
  for (const receipt of world.fresh.splice(0)) {
    const owner = owners.get(projectIn(world.model, receipt.projectId)?.owner ?? "");
    if (owner === undefined) continue;
    const reaction = owner.behaviour.check(world, owner, receipt);
    if (reaction === "dispute") openDispute(world, owner, receipt);
    const stays = reaction === "accept" || (reaction === "dispute" && owner.behaviour.staysAfterDispute);
    if (!stays) moveAway(world, owner, receipt.nodeId);
  }
}

/** Disputes a receipt; whether that was possible. */
export function openDispute(
  world: World,
  { account: by }: Pick<OwnerAgent, "account">,
  { projectId, nodeId, epoch }: Pick<FreshReceipt, "projectId" | "nodeId" | "epoch">,
): boolean {
  const outcome = world.act({ kind: "dispute", by, projectId, nodeId, epoch });
  if (outcome.refused !== undefined) return false;
  world.openDisputes.push({ projectId, nodeId, epoch, openedIn: world.epoch });
  return true;
}
