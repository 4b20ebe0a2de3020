import type { Model, ModelAccount } from "./model.ts";
import { walletOf } from "./views.ts";

/** Moves of the asset, in base units. Not part of the sdk's surface: the rules share them. */

export function give(model: Model, to: ModelAccount, amount: bigint): void {
  model.wallets.set(to, walletOf(model, to) + amount);
}

/** Whether the account has that much: the asset refuses with `INSUFFICIENT_BALANCE` where it has not. */
export function canPay(model: Model, from: ModelAccount, amount: bigint): boolean {
  return walletOf(model, from) >= amount;
}

export function take(model: Model, from: ModelAccount, amount: bigint): void {
  model.wallets.set(from, walletOf(model, from) - amount);
}

export function owe(model: Model, who: ModelAccount, amount: bigint): void {
  model.refunds.set(who, (model.refunds.get(who) ?? 0n) + amount);
}

/** Lowers a credit; what thaws shrinks with it. */
export function lowerCredit(credit: { balance: bigint; thawing: bigint }, amount: bigint): void {
  credit.balance -= amount;
  if (credit.thawing > credit.balance) credit.thawing = credit.balance;
}

/** Raises a credit in `epoch`. */
export function raiseCredit(
  credit: { balance: bigint; raisedAt: number },
  amount: bigint,
  epoch: number,
): void {
  credit.balance += amount;
  credit.raisedAt = epoch;
}
