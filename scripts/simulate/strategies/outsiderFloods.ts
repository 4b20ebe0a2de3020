import { projectIn } from "@worker3/sdk/model";
import type { Strategy } from "../Strategy.ts";
import { projectOwner } from "../world/createWorld.ts";

export const outsiderFloods: Strategy = {
  name: "outsider-floods",
  who: "outsider",
  tries: "floods one project on all its replicas, every epoch",
  accounts: ["outsider"],
  cheat(world) {
    world.flooder = "outsider";
    world.floodOf = (projectId) => (projectIn(world.model, projectId)?.owner === projectOwner(1) ? 20 : 0);
  },
  why: "It earns nothing. The owner is charged up to cap x seats an epoch, which is the owner's to set, and visitors get what the cap leaves.",
};
