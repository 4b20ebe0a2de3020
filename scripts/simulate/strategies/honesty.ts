import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";

export const honesty: Strategy = {
  name: "honesty",
  who: "node",
  tries: "nothing: the measure of the measure",
  accounts: [nodeOwner(1)],
  cheat: () => {},
  why: "A world without a cheat is its own twin, to the last unit.",
};
