import { currentEpoch, moveToEpoch } from "@worker3/sdk/model";
import { checkReceipts } from "./checkReceipts.ts";
import { churn } from "./churn.ts";
import { decideDisputes } from "./decideDisputes.ts";
import { keepNode } from "./honestNode.ts";
import { serveEpoch } from "./serveEpoch.ts";
import { submitUsage } from "./submitUsage.ts";
import type { World } from "./World.ts";
import { payCapital } from "./wealth.ts";

/** Epochs after which what was really served is forgotten: no receipt of it is open any more. */
const FORGET_AFTER = 20;

/** One epoch: whoever acts as it begins, the receipts of those before, disputes and decisions, then its traffic. */
export function runEpoch(world: World, epoch: number): void {
  moveToEpoch(world.model, epoch);
  world.epoch = epoch;
  for (const hook of world.hooks) hook(world);
  if (world.isOpen) churn(world);
  for (const owner of world.owners) {
    if (world.isOpen) owner.behaviour.fund(world, owner);
    owner.behaviour.act?.(world, owner);
  }
  for (const node of world.nodes) {
    keepNode(world, node);
    node.behaviour.act?.(world, node);
    submitUsage(world, node);
  }
  checkReceipts(world);
  decideDisputes(world);
  if (world.isOpen) serveEpoch(world);
  for (const owner of world.owners) owner.behaviour.actAfter?.(world, owner);
  payCapital(world);
  forget(world, epoch - FORGET_AFTER);
  if (currentEpoch(world.model) !== epoch)
    throw new RangeError(`epoch ${epoch} has too few seconds for its calls`);
}

function forget(world: World, before: number): void {
  for (const [key, { epoch }] of world.served) {
    if (epoch >= before) break;
    world.served.delete(key);
    world.claimedUsage.delete(key);
  }
}
