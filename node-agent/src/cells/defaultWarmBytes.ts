import { totalmem } from "node:os";

/** The memory that cells may take unless the operator says otherwise: half of what the machine, or the agent's cgroup, has. */
export function defaultWarmBytes(): number {
  // 0 or a huge number where nothing bounds it.
  const constrained = process.constrainedMemory() || totalmem();
  return Math.floor(Math.min(totalmem(), constrained) / 2);
}
