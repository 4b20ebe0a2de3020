import type { Fact } from "@worker3/sdk";
import type { Checkpoint, CheckpointTable } from "../ledger/checkpointTable.ts";
import type { FactTable } from "../ledger/factTable.ts";
import type { Ledger } from "../ledger/openLedger.ts";
import type { ProjectTable } from "../ledger/projectTable.ts";
import { factEffects } from "./factEffects.ts";

export interface ChainTables {
  readonly ledger: Ledger;
  readonly facts: FactTable;
  readonly checkpoints: CheckpointTable;
  readonly projects: ProjectTable;
}

/** So many of the newest checkpoints are kept: a reorganisation that goes deeper costs a longer way to read again. */
const KEEP_CHECKPOINTS = 512;

/** Books the facts of some blocks, the projects that they are about, and how far that reaches: all of it or nothing. */
export function applyFacts(
  { ledger, facts: table, checkpoints, projects }: ChainTables,
  { facts, checkpoint, nodeId }: { facts: readonly Fact[]; checkpoint: Checkpoint; nodeId: number },
): void {
  ledger.transaction(() => {
    for (const fact of facts) {
      const { rows, projectId, seatsNode, changesCredit } = factEffects(fact, nodeId);
      table.insert(rows);
      if (projectId === undefined) continue;
      if (seatsNode) projects.own(projectId);
      if (!projects.isOwn(projectId)) continue;
      if (changesCredit) projects.forgetFunding(projectId);
      projects.markDirty(projectId);
    }
    checkpoints.add(checkpoint);
    checkpoints.prune(KEEP_CHECKPOINTS);
  });
}

/** Takes back everything above a block; without one, everything. Each project's credit is asked for again. */
export function rollbackFacts(
  { ledger, facts, checkpoints, projects }: ChainTables,
  toBlock: bigint | undefined,
): void {
  ledger.transaction(() => {
    facts.rollback(toBlock ?? -1n);
    checkpoints.deleteAbove(toBlock ?? -1n);
    projects.forgetFunding();
    for (const projectId of projects.listOwn()) projects.markDirty(projectId);
  });
}
