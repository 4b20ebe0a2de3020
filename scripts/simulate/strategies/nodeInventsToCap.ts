import type { Strategy } from "../Strategy.ts";
import { nodeOwner } from "../world/createWorld.ts";
import { CAP_UNTIL_REMOVED, corruptNode, countedCapsUsd, toCap } from "./support.ts";

const accounts = [nodeOwner(1)];

export const nodeInventsToCap: Strategy = {
  name: "node-invents-to-cap",
  who: "node",
  tries: "reports all that the cap allows, every epoch, on every seat",
  accounts,
  cheat: (world) => corruptNode(world, 1, { report: toCapOf }),
  bound: { text: CAP_UNTIL_REMOVED, usd: (world) => countedCapsUsd(world, ...accounts) },
  why: "An excess this large is found at the first close look; each conviction costs a hundred times the receipt, and soon the node.",
};

const toCapOf: NonNullable<Parameters<typeof corruptNode>[2]["report"]> = (world, _, served) =>
  toCap(world, served);
