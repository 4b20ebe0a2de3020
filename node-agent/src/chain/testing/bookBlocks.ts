import type { Fact } from "@worker3/sdk";
import { type Checkpoint, checkpointTable } from "../../ledger/checkpointTable.ts";
import { factTable } from "../../ledger/factTable.ts";
import type { Ledger } from "../../ledger/openLedger.ts";
import { projectTable } from "../../ledger/projectTable.ts";
import { applyFacts, type ChainTables } from "../applyFacts.ts";
import { createChainView, type KeptChainView } from "../view/createChainView.ts";
import { hashOf } from "./fact.ts";

export const ZONE = "worker3.localhost";
/** The node whose ledger it is. */
export const NODE = 1;

/** The tables of a ledger, and the view that an agent makes of them when it starts. */
export function openTables(ledger: Ledger): ChainTables & { readonly view: KeptChainView } {
  const [facts, projects] = [factTable(ledger), projectTable(ledger)];
  const view = createChainView({ ledger, facts, projects, network: { zone: ZONE }, nodeId: NODE });
  return { ledger, facts, checkpoints: checkpointTable(ledger), projects, view };
}

/** Books facts, a block after the other. */
export function bookBlocks(tables: ChainTables, facts: readonly Fact[]): void {
  for (const [number, told] of Map.groupBy(facts, ({ blockNumber }) => blockNumber)) {
    applyFacts(tables, { facts: told, checkpoint: checkpointAt(number), nodeId: NODE });
  }
}

/** The block of the made-up chain with this number. */
export function checkpointAt(number: bigint): Checkpoint {
  return { number, hash: hashOf(Number(number)), timestamp: Number(number) * 12 };
}
