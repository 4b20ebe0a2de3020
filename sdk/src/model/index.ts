export type { ModelAction, ModelActionKind, ModelActions, ModelOutcome } from "./action.ts";
export { applyAction, MODEL_ACTION_KINDS } from "./applyAction.ts";
export { conservationProblem } from "./conservationProblem.ts";
export { createModel } from "./createModel.ts";
export { drawNodes, drawSeed } from "./drawNodes.ts";
export type {
  DisputeParameters,
  Model,
  ModelAccount,
  ModelName,
  ModelNode,
  ModelParameters,
  ModelProject,
  ModelReceipt,
  NodeParameters,
} from "./model.ts";
export { moveToEpoch } from "./moveToEpoch.ts";
export { isInZone } from "./nameRules.ts";
export { seatRefusal } from "./nodeRules.ts";
export { seededRandom } from "./seededRandom.ts";
export {
  availableOf,
  budgetAt,
  currentEpoch,
  FULL,
  freeStakeOf,
  isGone,
  isLiftable,
  nodeIn,
  pricesAt,
  projectIn,
  receiptKey,
  slashLeftOf,
  stakeFor,
  targetKey,
  termsAt,
  walletOf,
} from "./views.ts";
