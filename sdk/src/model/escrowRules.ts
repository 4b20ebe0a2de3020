import { DONE, type ModelOutcome, type ModelRules, refuse } from "./action.ts";
import type { Model, ModelAccount, ModelProject } from "./model.ts";
import { projectAt } from "./nameRules.ts";
import { canPay, give, lowerCredit, raiseCredit, take } from "./tokens.ts";
import { authorizationKey, currentEpoch, projectIn } from "./views.ts";

type EscrowActionKind =
  | "mint"
  | "transferTokens"
  | "deposit"
  | "depositAt"
  | "depositWithAuthorization"
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
    return deposit(model, project, by, amount);
  },

  depositAt(model, { by, domain, owner, amount }) {
    const found = projectAt(model, domain, owner);
    if (found !== undefined && "refused" in found) return found;
    return found === undefined ? refuse("NOTHING_DEPLOYED_AT") : deposit(model, found, by, amount);
  },

  depositWithAuthorization(model, { projectId, owner, from, signer, amount, salt }) {
    const project = projectIn(model, projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (owner !== project.owner) return refuse("NOT_PROJECT_OWNER");
    const key = authorizationKey({ from, projectId, owner, salt });
    if (model.authorizations.has(key)) return refuse("ALREADY_DEPOSITED");
    if (signer !== from) return refuse("ERC3009_INVALID_SIGNATURE");
    const outcome = deposit(model, project, from, amount);
    if (outcome.refused === undefined) model.authorizations.add(key);
    return outcome;
  },

  requestWithdraw: (model, action) =>
    asOwner(model, action, ({ credit }) => {
      if (action.amount === 0n || action.amount > credit.balance) return refuse("WITHDRAW_OUT_OF_RANGE");
      credit.thawing = action.amount;
      credit.thawEpoch = currentEpoch(model);
      return DONE;
    }),

  cancelWithdraw: (model, action) =>
    asOwner(model, action, ({ credit }) => {
      if (credit.thawing === 0n) return refuse("NO_CREDIT_THAWS");
      credit.thawing = 0n;
      credit.thawEpoch = 0;
      return DONE;
    }),

  withdraw: (model, action) =>
    asOwner(model, action, ({ credit }) => {
      if (credit.thawing === 0n) return refuse("NO_CREDIT_THAWS");
      const epoch = currentEpoch(model);
      if (epoch <= credit.thawEpoch + model.times.creditThaw) return refuse("CREDIT_STILL_THAWS");
      const amount = credit.thawing;
      credit.thawing = 0n;
      credit.thawEpoch = 0;
      lowerCredit(credit, amount);
      model.escrowTokens -= amount;
      give(model, action.by, amount);
      return DONE;
    }),

  collectRefund(model, { by, to }) {
    const amount = model.refunds.get(by) ?? 0n;
    if (amount === 0n) return refuse("NOTHING_OWED");
    model.refunds.delete(by);
    model.held -= amount;
    model.escrowTokens -= amount;
    give(model, to, amount);
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

function deposit(model: Model, project: ModelProject, from: ModelAccount, amount: bigint): ModelOutcome {
  if (!canPay(model, from, amount)) return refuse("INSUFFICIENT_BALANCE");
  if (amount === 0n) return refuse("NOTHING_DEPOSITED");
  take(model, from, amount);
  model.escrowTokens += amount;
  raiseCredit(project.credit, amount, currentEpoch(model));
  return DONE;
}

function asOwner(
  model: Model,
  { by, projectId }: { by: string; projectId: bigint },
  act: (project: ModelProject) => ModelOutcome,
): ModelOutcome {
  const project = projectIn(model, projectId);
  if (project === undefined) return refuse("UNKNOWN_PROJECT");
  return by === project.owner ? act(project) : refuse("NOT_PROJECT_OWNER");
}
