import type { ModelAction } from "@worker3/sdk/model";

/** A call and when it was made; times rise strictly. */
export interface TimedAction {
  readonly action: ModelAction;
  readonly sinceGenesisSeconds: number;
}
