import type { ModelAccount } from "@worker3/sdk/model";
import type { Assumptions } from "./assumptions.ts";
import type { World } from "./world/World.ts";

export type Actor = "node" | "owner" | "outsider" | "arbiter" | "admin" | "thief";

/** A way to cheat. Everyone else in its world is honest; its twin is the same world without it. */
export interface Strategy {
  /** Kebab-case; the file is named after it. */
  readonly name: string;
  readonly who: Actor;
  /** What is tried, in one line. */
  readonly tries: string;
  /** Everyone who profits. */
  readonly accounts: readonly ModelAccount[];
  /** What differs from the default assumptions, in the twin too. */
  readonly assumptions?: Partial<Assumptions>;
  /** What is set up before the first epoch, in the twin too. */
  readonly prepare?: { readonly name: string; readonly apply: (world: World) => void };
  /** Turns honest agents into cheats. */
  readonly cheat: (world: World) => void;
  /** What the protocol promises that it gains at most, in USD over the whole run; absent: nothing. */
  readonly bound?: {
    readonly text: string;
    readonly usd: (world: World, epochs: number) => number;
  };
  /** Why it pays, or does not. */
  readonly why: string;
}
