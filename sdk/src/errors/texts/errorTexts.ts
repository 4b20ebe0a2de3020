import type { ErrorTexts } from "./ErrorText.ts";
import { moneyTexts } from "./moneyTexts.ts";
import { nameTexts } from "./nameTexts.ts";
import { nodeTexts } from "./nodeTexts.ts";
import { projectTexts } from "./projectTexts.ts";
import { settlementTexts } from "./settlementTexts.ts";
import { sharedTexts } from "./sharedTexts.ts";

/** A sentence for every custom error that a call of the contracts or of the asset can end with. */
export const errorTexts: ErrorTexts = {
  ...sharedTexts,
  ...nodeTexts,
  ...projectTexts,
  ...nameTexts,
  ...moneyTexts,
  ...settlementTexts,
};
