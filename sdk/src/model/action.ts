import type { Prices } from "../protocol/prices.ts";
import type { Receipt } from "../receipts/receipt.ts";
import type { Model, ModelAccount } from "./model.ts";

interface By {
  readonly by: ModelAccount;
}
interface OnNode extends By {
  readonly nodeId: number;
}
interface OnProject extends By {
  readonly projectId: bigint;
}
/** A counted receipt, by what names it. */
interface OnReceipt extends OnProject {
  readonly nodeId: number;
  readonly epoch: number;
}
/** What a draw is seeded with: `keccak256(abi.encode(prevrandao, block.number, projectId))` on a chain. */
interface Seeded {
  readonly seed: bigint;
}

/** Calls to the contracts that move money or decide where it goes, by kind. Amounts in base units of the asset. */
export interface ModelActions {
  /** The asset's: tokens from nowhere. */
  mint: By & { readonly amount: bigint };
  transferTokens: By & { readonly to: ModelAccount; readonly amount: bigint };

  register: By & { readonly operator: ModelAccount; readonly region: number; readonly stake: bigint };
  addStake: OnNode & { readonly amount: bigint };
  requestUnstake: OnNode & { readonly amount: bigint };
  cancelUnstake: OnNode;
  withdrawStake: OnNode;
  setOperator: OnNode & { readonly operator: ModelAccount };
  setAccepting: OnNode & { readonly untilEpoch: number };
  prune: OnNode;
  transferNode: OnNode & { readonly to: ModelAccount };
  acceptNode: OnNode;

  createProject: By & { readonly label: string; readonly nodeIds: readonly number[]; readonly cap: bigint };
  drawProject: By &
    Seeded & {
      readonly label: string;
      readonly count: number;
      readonly regionMask: number;
      readonly cap: bigint;
    };
  setReplicas: OnProject & { readonly nodeIds: readonly number[] };
  assignReplicas: OnProject & Seeded & { readonly count: number; readonly regionMask: number };
  setBudget: OnProject & { readonly cap: bigint };
  setRefill: OnProject & { readonly regionMask: number; readonly pinHome: boolean };
  refill: OnProject & Seeded;
  leave: OnNode & { readonly projectIds: readonly bigint[] };
  close: OnProject;
  setMeter: OnProject & { readonly meter: ModelAccount };
  transferProject: OnProject & { readonly to: ModelAccount };
  acceptProject: OnProject;
  claimName: OnProject & { readonly label: string };
  releaseName: OnProject & { readonly label: string };
  lapse: By & { readonly label: string };

  deposit: OnProject & { readonly amount: bigint };
  requestWithdraw: OnProject & { readonly amount: bigint };
  cancelWithdraw: OnProject;
  withdraw: OnProject;
  collectRefund: By;
  collectFees: By;

  submit: OnNode & {
    readonly epoch: number;
    readonly receipts: readonly Receipt[];
    readonly signer: ModelAccount;
  };
  /** `signer`: whose signature over the release is shown; the caller's own right needs none. */
  release: OnReceipt & { readonly signer?: ModelAccount | undefined };
  dispute: OnReceipt;
  decide: OnReceipt & { readonly guilty: boolean; readonly slash: bigint; readonly reward: bigint };
  draw: OnReceipt;
  claim: OnNode & { readonly epochs: readonly number[] };

  setPrices: By & { readonly prices: Prices };
  setParameters: By & { readonly minBond: bigint; readonly maxSlash: bigint; readonly arbiter: ModelAccount };
  setMinStake: By & { readonly minStake: bigint };
  setMaxCap: By & { readonly maxCap: bigint };
  pause: By & { readonly what: "nodes" | "projects" | "settlement" };
}

export type ModelActionKind = keyof ModelActions;

/** One call. */
export type ModelAction = {
  readonly [kind in ModelActionKind]: { readonly kind: kind } & ModelActions[kind];
}[ModelActionKind];

/**
 * What a call leads to: it is done, or refused with the code that the sdk's errors have for the contract's reason
 * (`NOT_SUBMITTABLE`). What is refused changes nothing.
 */
export type ModelOutcome = { readonly refused?: undefined } | { readonly refused: string };

/** One rule for each kind of call. */
export type ModelRules<kind extends ModelActionKind> = {
  readonly [k in kind]: (model: Model, action: ModelActions[k]) => ModelOutcome;
};

export const DONE: ModelOutcome = {};

/** A refusal by its code. */
export function refuse(code: string): { readonly refused: string } {
  return { refused: code };
}
