import type { ModelAction, ModelActions, ModelOutcome, ModelRules } from "./action.ts";
import { escrowRules } from "./escrowRules.ts";
import type { Model } from "./model.ts";
import { nodeRules } from "./nodeRules.ts";
import { parameterRules } from "./parameterRules.ts";
import { projectRules } from "./projectRules.ts";
import { settlementRules } from "./settlementRules.ts";

const rules: ModelRules<keyof ModelActions> = {
  ...escrowRules,
  ...nodeRules,
  ...parameterRules,
  ...projectRules,
  ...settlementRules,
};

/**
 * Makes a call on the model: it changes in place, or the call is refused with the contract's reason and nothing changes.
 * `modelOnChain.test.ts` holds it against the contracts.
 */
export function applyAction(model: Model, action: ModelAction): ModelOutcome {
  const rule = rules[action.kind] as (model: Model, action: ModelAction) => ModelOutcome;
  return rule(model, action);
}

/** All kinds of calls. */
export const MODEL_ACTION_KINDS = Object.keys(rules) as readonly (keyof ModelActions)[];
