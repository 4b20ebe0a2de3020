import { unpackTerms } from "@worker3/sdk";
import { availableOf, projectIn, receiptKey, termsAt } from "@worker3/sdk/model";
import { usd } from "../assumptions.ts";
import { chance, STREAM } from "./chance.ts";
import { findProbability } from "./findProbability.ts";
import type { FreshReceipt, OwnerAgent, OwnerBehaviour, Reaction, World } from "./World.ts";

/** Credit is topped up to so many epochs of budget when so many are left. */
const TOP_UP_TO = 12n;
const TOP_UP_BELOW = 6n;
/** A replica at the cap is suspect where it charges so many times what the others do. */
const SUSPECT_FACTOR = 3n;

/** Keeps credit, looks at some receipts, disputes what is too much and moves away from who charged it. */
export const honestOwner: OwnerBehaviour = {
  fund: keepCredit,
  check: checkReceipt,
  staysAfterDispute: false,
};

function keepCredit(world: World, { account, projectId }: OwnerAgent): void {
  const project = projectIn(world.model, projectId);
  if (project === undefined || project.closedFrom !== 0) return;
  const budget = usd(world.assumptions.capUsd) * BigInt(world.assumptions.seats);
  const available = availableOf(world.model, project);
  if (available >= TOP_UP_BELOW * budget) return;
  world.act({ kind: "deposit", by: account, projectId, amount: TOP_UP_TO * budget - available });
}

function checkReceipt(world: World, owner: OwnerAgent, receipt: FreshReceipt): Reaction {
  const { seed, assumptions, served } = world;
  const { projectId, nodeId, epoch, amount } = receipt;
  const place = [owner.index, nodeId, epoch] as const;
  const real = served.get(receiptKey(projectId, nodeId, epoch));
  if (real !== undefined && !real.isReal) {
    return chance(seed, STREAM.probe, ...place) < assumptions.probeDetection ? "dispute" : "accept";
  }
  const found = findProbability(world, receipt, assumptions.ownerNoise);
  if (found === 0)
    return chance(seed, STREAM.falseAlarm, ...place) < assumptions.falseAlarm
      ? "dispute"
      : stay(world, owner, receipt);
  if (chance(seed, STREAM.attention, ...place) < assumptions.attention * found) return "dispute";
  return amount > 0n ? stay(world, owner, receipt) : "accept";
}

/** Whether the owner moves away from a replica that charges all that it may while the others do not. */
function stay(world: World, owner: OwnerAgent, receipt: FreshReceipt): Reaction {
  const { projectId, nodeId, epoch, amount } = receipt;
  const terms = unpackTerms(termsAt(projectIn(world.model, projectId), epoch));
  if (amount < terms.cap) return "accept";
  const others = terms.nodeIds
    .filter((id) => id !== nodeId && id !== 0)
    .map((id) => world.model.receipts.get(receiptKey(projectId, id, epoch))?.amount ?? 0n);
  if (others.every((other) => other * SUSPECT_FACTOR > amount)) return "accept";
  const luck = chance(world.seed, STREAM.move, owner.index, nodeId, epoch);
  return luck < world.assumptions.moveFromCapped ? "move" : "accept";
}
