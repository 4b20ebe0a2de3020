export type { ModelAction, ModelActionKind, ModelActions, ModelOutcome } from "./action.ts";
export { applyAction, MODEL_ACTION_KINDS } from "./applyAction.ts";
export { conservationProblem } from "./conservationProblem.ts";
export { createModel } from "./createModel.ts";
export { drawNodes, drawSeed } from "./drawNodes.ts";
export type {
  Model,
  ModelAccount,
  ModelName,
  ModelNode,
  ModelParameters,
  ModelProject,
  ModelReceipt,
} from "./model.ts";
export { moveToEpoch } from "./moveToEpoch.ts";
export { seededRandom } from "./seededRandom.ts";
export {
  availableOf,
  budgetOf,
  currentEpoch,
  isGone,
  nodeIn,
  pricesAt,
  projectIn,
  receiptKey,
  termsAt,
  walletOf,
} from "./views.ts";
