import { epochAt, type Times } from "@worker3/sdk";
import type { SettlementView } from "../chain/view/SettlementView.ts";

/** What time it is, for settlement. */
export interface Moment {
  readonly times: Times;
  /** Chain time of the newest block, Unix seconds. */
  readonly headSeconds: number;
  readonly headEpoch: number;
  /** The epoch of the newest final block; -1 while none is known. All earlier epochs are final. */
  readonly finalEpoch: number;
}

export function momentOf(view: Pick<SettlementView, "network" | "headSeconds" | "finalSeconds">): Moment {
  const { times } = view.network;
  const epochOf = (seconds: number) => (seconds < times.genesis ? -1 : epochAt(times, seconds));
  const headSeconds = view.headSeconds();
  return { times, headSeconds, headEpoch: epochOf(headSeconds), finalEpoch: epochOf(view.finalSeconds()) };
}
