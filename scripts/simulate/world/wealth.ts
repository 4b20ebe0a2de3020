import { feeOf } from "@worker3/sdk";
import type { ModelAccount } from "@worker3/sdk/model";
import { inUsd } from "../assumptions.ts";
import type { World } from "./World.ts";

const EPOCHS_PER_YEAR = 365;

/**
 * What everyone has, in USD: wallet, refunds, stakes, credits and bonds, what nodes are owed after the fee, and what was
 * gained or spent outside the contracts.
 */
export function wealthOf(world: World): Map<ModelAccount, number> {
  const { model } = world;
  const wealth = new Map(world.outside);
  const add = (who: ModelAccount, amount: bigint): void => {
    wealth.set(who, (wealth.get(who) ?? 0) + inUsd(amount));
  };
  for (const [who, amount] of model.wallets) add(who, amount);
  for (const [who, amount] of model.refunds) add(who, amount);
  for (const { owner, stake, payable, buckets } of model.nodes) {
    add(owner, stake + payable.amount);
    for (const { pending, feeBps } of buckets.values()) add(owner, pending - feeOf(pending, feeBps));
  }
  for (const { owner, credit } of model.projects) add(owner, credit.balance);
  for (const { dispute } of model.disputed) if (dispute) add(dispute.disputer, dispute.bond);
  add(model.feeReceiver, model.fees);
  return wealth;
}

/** What capital in the contracts would have earned elsewhere in this epoch is a cost of whoever has it there. */
export function payCapital(world: World): void {
  if (!world.isOpen) return;
  const rate = world.assumptions.capitalCostPerYear / EPOCHS_PER_YEAR;
  const pay = (who: ModelAccount, amount: bigint): void => world.book(who, -inUsd(amount) * rate);
  for (const { owner, stake } of world.model.nodes) if (stake > 0n) pay(owner, stake);
  for (const { owner, credit } of world.model.projects) if (credit.balance > 0n) pay(owner, credit.balance);
  for (const { dispute } of world.model.disputed) if (dispute) pay(dispute.disputer, dispute.bond);
}
