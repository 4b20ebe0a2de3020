import type { Prices } from "../protocol/prices.ts";
import type { Receipt } from "../receipts/receipt.ts";
import type { DisputeParameters, Model, ModelAccount, NodeParameters } from "./model.ts";

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

/**
 * Calls to the contracts that move money or decide where it goes, by kind. Amounts in base units of the asset. A domain
 * without a dot is a name of the zone, without the zone.
 */
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
  /** `leastCap`: the least for which the node takes new seats; `FULL` for none. */
  setPresence: OnNode & { readonly untilEpoch: number; readonly leastCap: bigint };
  prune: OnNode;
  transferNode: OnNode & { readonly to: ModelAccount };
  acceptNode: OnNode;

  /** With nodes named by hand. */
  createProject: By & { readonly domain: string; readonly nodeIds: readonly number[]; readonly cap: bigint };
  drawProject: By &
    Seeded & {
      readonly domain: string;
      readonly count: number;
      readonly regionMask: number;
      readonly cap: bigint;
    };
  /** Where nothing of the caller's is, a new project. */
  deploy: By & Seeded & { readonly domain: string };
  setReplicas: OnProject & { readonly nodeIds: readonly number[] };
  assignReplicas: OnProject & Seeded & { readonly count: number; readonly regionMask: number };
  setBudget: OnProject & { readonly cap: bigint };
  grow: OnProject & { readonly cap: bigint; readonly nodeIds: readonly number[] };
  setRefill: OnProject & { readonly regionMask: number; readonly pinHome: boolean };
  refill: OnProject & Seeded;
  leaveSeats: OnNode & { readonly projectIds: readonly bigint[] };
  close: OnProject;
  setMeter: OnProject & { readonly meter: ModelAccount };
  transferProject: OnProject & { readonly to: ModelAccount };
  /** `domains`: those of which deployments of the new owner go to the project. */
  acceptProject: OnProject & { readonly domains: readonly string[] };
  claimDomain: OnProject & { readonly domain: string };
  releaseDomain: OnProject & { readonly domain: string };
  noticeLapse: By & { readonly domain: string };
  lapse: By & { readonly domain: string };

  deposit: OnProject & { readonly amount: bigint };
  depositAt: By & { readonly domain: string; readonly owner: ModelAccount; readonly amount: bigint };
  /** `from` pays, and `signer` signed for it; `salt` tells one payment from the next. */
  depositWithAuthorization: OnProject & {
    readonly owner: ModelAccount;
    readonly from: ModelAccount;
    readonly signer: ModelAccount;
    readonly amount: bigint;
    readonly salt: number;
  };
  requestWithdraw: OnProject & { readonly amount: bigint };
  cancelWithdraw: OnProject;
  withdraw: OnProject;
  collectRefund: By & { readonly to: ModelAccount };
  collectFees: By;

  submit: OnNode & {
    readonly epoch: number;
    readonly receipts: readonly Receipt[];
    readonly signer: ModelAccount;
  };
  /** `signer`: whose signature over the release is shown; the caller's own right needs none. */
  release: OnReceipt & { readonly signer?: ModelAccount | undefined };
  /** `maxBond`: the most that the disputer wants to pay; as much as it takes where it is left out. */
  dispute: OnReceipt & { readonly maxBond?: bigint | undefined };
  decide: OnReceipt & { readonly guilty: boolean; readonly slash: bigint; readonly reward: bigint };
  extend: OnReceipt;
  draw: OnReceipt;
  claim: OnNode & { readonly epochs: readonly number[] };

  setPrices: By & { readonly prices: Prices };
  setParameters: By & DisputeParameters;
  setNodeParameters: By & NodeParameters;
  setMaxCap: By & { readonly maxCap: bigint };
  suspendDecisions: By;
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
