import { receiptKey } from "@worker3/sdk/model";
import { chance, STREAM } from "./chance.ts";
import { findProbability } from "./findProbability.ts";
import { NOTHING } from "./traffic.ts";
import type { ArbiterBehaviour } from "./World.ts";

/** Decides after some epochs, and errs sometimes: guilty where the statement shows too much, or other bytes were served. */
export const honestArbiter: ArbiterBehaviour = {
  decide(world, disputed) {
    const { assumptions, seed, served, claimedUsage, epoch: now } = world;
    const { projectId, nodeId, epoch, openedIn } = disputed;
    if (now < openedIn + assumptions.arbiterLatencyEpochs) return undefined;
    const key = receiptKey(projectId, nodeId, epoch);
    const luck = chance(seed, STREAM.decision, Number(projectId), nodeId, epoch);
    const claimed = claimedUsage.get(key) ?? NOTHING;
    const isFake = served.get(key)?.isReal === false;
    const found = isFake ? 1 : findProbability(world, { ...disputed, claimed }, assumptions.arbiterNoise);
    const guilty = Math.max(1 - assumptions.arbiterFindsInnocent, found * assumptions.arbiterFindsGuilty);
    return luck < guilty;
  },
};
