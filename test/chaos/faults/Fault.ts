import type { ChaosWorld } from "../ChaosWorld.ts";

/** Something that happens to a running network, and is over when it resolves. */
export interface Fault {
  readonly name: string;
  /** @param holdMs How long a state lasts that ends by itself. */
  run(world: ChaosWorld, holdMs: number): Promise<void>;
}

export function hold(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
