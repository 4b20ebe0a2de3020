import type { Fact } from "@worker3/sdk";
import type { Checkpoint, CheckpointTable } from "../ledger/checkpointTable.ts";
import type { FactTable } from "../ledger/factTable.ts";
import type { Ledger } from "../ledger/openLedger.ts";
import type { ProjectTable } from "../ledger/projectTable.ts";
import { factEffects } from "./facts/factEffects.ts";
import { createFactReader } from "./facts/factReader.ts";
import { type Booked, rowOf } from "./facts/topics.ts";
import type { KeptChainView } from "./view/createChainView.ts";

export interface ChainTables {
  readonly ledger: Ledger;
  readonly facts: FactTable;
  readonly checkpoints: CheckpointTable;
  readonly projects: ProjectTable;
  /** Is told what is written, so that it says the same as the tables. */
  readonly view: Pick<KeptChainView, "booked" | "rolledBack">;
}

/** So many of the newest checkpoints are kept: a reorganisation that goes deeper costs a longer way to read again. */
const KEEP_CHECKPOINTS = 512;

/**
 * Books the facts of some blocks, the projects that they are about, and how far that reaches: all of it or nothing, in
 * the tables and in the view.
 */
export function applyFacts(
  { ledger, facts: table, checkpoints, projects, view }: ChainTables,
  { facts, checkpoint, nodeId }: { facts: readonly Fact[]; checkpoint: Checkpoint; nodeId: number },
): void {
  ledger.transaction(() => {
    const booked: Booked[] = [];
    for (const fact of facts) {
      const { entries, projectId, seatsNode, changesCredit, retires } = factEffects(fact, nodeId);
      const place = { block: fact.blockNumber, logIndex: fact.logIndex };
      table.insert(entries.map((entry) => rowOf(entry, { ...place, tx: fact.txHash })));
      for (const entry of entries) booked.push({ ...entry, ...place });
      if (retires !== undefined) retire(retires);
      if (projectId === undefined) continue;
      if (seatsNode) projects.own(projectId);
      if (!projects.isOwn(projectId)) continue;
      if (changesCredit) projects.forgetFunding(projectId);
      projects.markDirty(projectId);
    }
    view.booked(booked);
    checkpoints.add(checkpoint);
    checkpoints.prune(KEEP_CHECKPOINTS);
  });

  /** What its seats may charge counts in other epochs now: whoever has it in a seat needs another credit. */
  function retire(retired: number): void {
    const reader = createFactReader(table);
    for (const projectId of projects.listOwn()) {
      const terms = reader.history("terms", projectId);
      if (!terms.some(({ value }) => value.nodeIds.includes(retired))) continue;
      projects.forgetFunding(projectId);
      projects.markDirty(projectId);
    }
  }
}

/** Takes back everything above a block, which becomes the newest; without one, everything. Each project's credit is asked for again. */
export function rollbackFacts(
  { ledger, facts, checkpoints, projects, view }: ChainTables,
  to: Checkpoint | undefined,
): void {
  ledger.transaction(() => {
    view.rolledBack(facts.rollback(to?.number ?? -1n));
    checkpoints.deleteAbove(to?.number ?? -1n);
    if (to !== undefined) checkpoints.add(to);
    projects.forgetFunding();
    for (const projectId of projects.listOwn()) projects.markDirty(projectId);
  });
}
