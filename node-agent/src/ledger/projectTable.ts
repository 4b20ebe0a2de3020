import type { Ledger } from "./openLedger.ts";
import { storedId } from "./storedId.ts";

/** A project's credit, as last read for an epoch. Amounts in base units. */
export interface Credit {
  readonly available: bigint;
  /** What its seats may charge for the epoch. */
  readonly budget: bigint;
  /** And for the next one. */
  readonly nextBudget: bigint;
}

export interface Funding {
  /** Of which the answer is; an epoch that never is where it holds no longer. */
  readonly epoch: number;
  /** Undefined before the first answer. */
  readonly credit: Credit | undefined;
  /** Changes when a fact touches the credit. */
  readonly generation: number;
}

/** The projects of this node, which of them `reconcile` has to look at, and how they are funded. */
export interface ProjectTable {
  /** A project that has or had a seat here. Never taken back: reconcile finds out what is so. */
  own(projectId: bigint): void;
  isOwn(projectId: bigint): boolean;
  listOwn(): bigint[];
  markDirty(projectId: bigint): void;
  listDirty(): bigint[];
  clean(projectId: bigint): void;
  funding(projectId: bigint): Funding;
  /** Keeps an answer, unless the credit was touched since `generation`. */
  setFunding(projectId: bigint, funding: Funding & { readonly credit: Credit }): void;
  /** Of one project, or of all: what was read no longer holds. */
  forgetFunding(projectId?: bigint): void;
}

interface StoredFunding {
  epoch: number;
  available: string | null;
  budget: string | null;
  next_budget: string | null;
  generation: number;
}

/** An epoch that is never asked for. */
const NEVER = -1;

export function projectTable({ database }: Ledger): ProjectTable {
  const own = database.prepare("INSERT OR IGNORE INTO own_projects (project_id) VALUES (?)");
  const isOwn = database.prepare("SELECT 1 FROM own_projects WHERE project_id = ?");
  const listOwn = database.prepare("SELECT project_id AS id FROM own_projects ORDER BY project_id");
  const markDirty = database.prepare("INSERT OR IGNORE INTO dirty_projects (project_id) VALUES (?)");
  const listDirty = database.prepare("SELECT project_id AS id FROM dirty_projects ORDER BY project_id");
  const clean = database.prepare("DELETE FROM dirty_projects WHERE project_id = ?");
  const funding = database.prepare("SELECT * FROM funding WHERE project_id = ?");
  const setFunding = database.prepare(
    `INSERT INTO funding (epoch, available, budget, next_budget, generation, project_id)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT DO UPDATE SET epoch = ?1, available = ?2, budget = ?3, next_budget = ?4 WHERE generation = ?5`,
  );
  const forgetOne = database.prepare(
    `INSERT INTO funding (project_id, epoch, generation) VALUES (?, ${NEVER}, 1)
     ON CONFLICT DO UPDATE SET epoch = ${NEVER}, generation = generation + 1`,
  );
  const forgetAll = database.prepare(`UPDATE funding SET epoch = ${NEVER}, generation = generation + 1`);
  const ids = (rows: unknown[]) => (rows as { id: number }[]).map(({ id }) => BigInt(id));
  return {
    own: (projectId) => void own.run(projectId),
    isOwn: (projectId) => isOwn.get(storedId(projectId)) !== undefined,
    listOwn: () => ids(listOwn.all()),
    markDirty: (projectId) => void markDirty.run(projectId),
    listDirty: () => ids(listDirty.all()),
    clean: (projectId) => void clean.run(projectId),
    funding(projectId) {
      const row = funding.get(storedId(projectId)) as StoredFunding | undefined;
      if (row === undefined) return { epoch: NEVER, credit: undefined, generation: 0 };
      const { epoch, generation } = row;
      return { epoch, credit: creditOf(row), generation };
    },
    setFunding: (projectId, { epoch, credit: { available, budget, nextBudget }, generation }) =>
      void setFunding.run(
        epoch,
        String(available),
        String(budget),
        String(nextBudget),
        generation,
        projectId,
      ),
    forgetFunding: (projectId) => void (projectId === undefined ? forgetAll.run() : forgetOne.run(projectId)),
  };
}

function creditOf({ available, budget, next_budget }: StoredFunding): Credit | undefined {
  if (available === null || budget === null || next_budget === null) return undefined;
  return { available: BigInt(available), budget: BigInt(budget), nextBudget: BigInt(next_budget) };
}
