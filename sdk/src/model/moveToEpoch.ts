import { epochStart } from "../protocol/epochStart.ts";
import type { Model } from "./model.ts";

/** Moves the model's clock to the begin of an epoch; it never goes back. */
export function moveToEpoch(model: Model, epoch: number): void {
  model.nowSeconds = Math.max(model.nowSeconds, epochStart(model.times, epoch));
}
