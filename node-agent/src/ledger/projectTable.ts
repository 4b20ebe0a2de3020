import type { Ledger } from "./openLedger.ts";

/** Whether a project's credit paid for an epoch, as last read. Amounts in base units. */
export interface Funding {
  readonly epoch: number;
  readonly available: bigint;
  readonly budget: bigint;
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
  funding(projectId: bigint): Funding | undefined;
  setFunding(projectId: bigint, funding: Funding): void;
  /** Of one project, or of all: what was read no longer holds. */
  forgetFunding(projectId?: bigint): void;
}

export function projectTable({ database }: Ledger): ProjectTable {
  const own = database.prepare("INSERT OR IGNORE INTO own_projects (project_id) VALUES (?)");
  const isOwn = database.prepare("SELECT 1 FROM own_projects WHERE project_id = ?");
  const listOwn = database.prepare("SELECT project_id AS id FROM own_projects ORDER BY project_id");
  const markDirty = database.prepare("INSERT OR IGNORE INTO dirty_projects (project_id) VALUES (?)");
  const listDirty = database.prepare("SELECT project_id AS id FROM dirty_projects ORDER BY project_id");
  const clean = database.prepare("DELETE FROM dirty_projects WHERE project_id = ?");
  const funding = database.prepare("SELECT epoch, available, budget FROM funding WHERE project_id = ?");
  const setFunding = database.prepare(
    "INSERT OR REPLACE INTO funding (project_id, epoch, available, budget) VALUES (?, ?, ?, ?)",
  );
  const forgetOne = database.prepare("UPDATE funding SET epoch = -1 WHERE project_id = ?");
  const forgetAll = database.prepare("UPDATE funding SET epoch = -1");
  const ids = (rows: unknown[]) => (rows as { id: number }[]).map(({ id }) => BigInt(id));
  return {
    own: (projectId) => void own.run(projectId),
    isOwn: (projectId) => isOwn.get(projectId) !== undefined,
    listOwn: () => ids(listOwn.all()),
    markDirty: (projectId) => void markDirty.run(projectId),
    listDirty: () => ids(listDirty.all()),
    clean: (projectId) => void clean.run(projectId),
    funding(projectId) {
      const row = funding.get(projectId) as { epoch: number; available: string; budget: string } | undefined;
      return row === undefined
        ? undefined
        : { epoch: row.epoch, available: BigInt(row.available), budget: BigInt(row.budget) };
    },
    setFunding: (projectId, { epoch, available, budget }) =>
      void setFunding.run(projectId, epoch, String(available), String(budget)),
    forgetFunding: (projectId) => void (projectId === undefined ? forgetAll.run() : forgetOne.run(projectId)),
  };
}
