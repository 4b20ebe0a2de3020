import { DONE, type ModelOutcome, type ModelRules, refuse } from "./action.ts";
import type { Model, ModelProject } from "./model.ts";
import { canPay, give, lowerCredit, take } from "./tokens.ts";
import { currentEpoch, projectIn } from "./views.ts";

type EscrowActionKind =
  | "mint"
  | "transferTokens"
  | "deposit"
  | "requestWithdraw"
  | "cancelWithdraw"
  | "withdraw"
  | "collectRefund"
  | "collectFees";

/** Source: contracts/CreditEscrow.sol, and the asset; refusals come in their order. */
export const escrowRules: ModelRules<EscrowActionKind> = {
  mint(model, { by, amount }) {
    give(model, by, amount);
    return DONE;
  },

  transferTokens(model, { by, to, amount }) {
    if (!canPay(model, by, amount)) return refuse("INSUFFICIENT_BALANCE");
    take(model, by, amount);
    give(model, to, amount);
    return DONE;
  },

  deposit(model, { by, projectId, amount }) {
    const project = projectIn(model, projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (!canPay(model, by, amount)) return refuse("INSUFFICIENT_BALANCE");
    if (amount === 0n) return refuse("NOTHING_DEPOSITED");
    take(model, by, amount);
    model.escrowTokens += amount;
    project.credit.balance += amount;
    return DONE;
  },

  requestWithdraw: (model, action) =>
    asOwner(model, action, ({ credit }) => {
      if (action.amount === 0n || action.amount > credit.balance) return refuse("WITHDRAW_AMOUNT");
      credit.thawing = action.amount;
      credit.thawEpoch = currentEpoch(model);
      return DONE;
    }),

  cancelWithdraw: (model, action) =>
    asOwner(model, action, ({ credit }) => {
      if (credit.thawing === 0n) return refuse("NOTHING_THAWING");
      credit.thawing = 0n;
      credit.thawEpoch = 0;
      return DONE;
    }),

  withdraw: (model, action) =>
    asOwner(model, action, ({ credit }) => {
      if (credit.thawing === 0n) return refuse("NOTHING_THAWING");
      const epoch = currentEpoch(model);
      if (epoch <= credit.thawEpoch + model.times.creditThaw) return refuse("STILL_THAWING");
      const amount = credit.thawing;
      credit.thawing = 0n;
      credit.thawEpoch = 0;
      lowerCredit(credit, amount, epoch);
      model.escrowTokens -= amount;
      give(model, action.by, amount);
      return DONE;
    }),

  collectRefund(model, { by }) {
    const amount = model.refunds.get(by) ?? 0n;
    if (amount === 0n) return refuse("NOTHING_OWED");
    model.refunds.delete(by);
    model.held -= amount;
    model.escrowTokens -= amount;
    give(model, by, amount);
    return DONE;
  },

  collectFees(model) {
    if (model.fees === 0n) return refuse("NOTHING_OWED");
    model.escrowTokens -= model.fees;
    give(model, model.feeReceiver, model.fees);
    model.fees = 0n;
    return DONE;
  },
};

function asOwner(
  model: Model,
  { by, projectId }: { by: string; projectId: bigint },
  act: (project: ModelProject) => ModelOutcome,
): ModelOutcome {
  const project = projectIn(model, projectId);
  if (project === undefined) return refuse("UNKNOWN_PROJECT");
  return by === project.owner ? act(project) : refuse("NOT_PROJECT_OWNER");
}
