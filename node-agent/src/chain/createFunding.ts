import { escrow, type NetworkClient, projects as projectActions } from "@worker3/sdk";
import type { Logger } from "pino";
import type { ProjectTable } from "../ledger/projectTable.ts";

/** Whether projects can pay: asked of the chain once an epoch, and whenever a fact touched the credit or the terms. */
export interface FundingView {
  /**
   * Whether the credit pays for an epoch; undefined while it was never asked. Where the chain is away, what was known
   * last holds: what is served stays served.
   */
  funded(projectId: bigint): boolean | undefined;
  /** Asks for those whose answer is missing or of an epoch before. Says for which it changed. */
  refresh(projectIds: readonly bigint[], epoch: number): Promise<bigint[]>;
}

export function createFunding({
  client,
  projects,
  logger,
}: {
  client: NetworkClient;
  projects: ProjectTable;
  logger: Logger;
}): FundingView {
  const asking = new Set<bigint>();
  const funded = (projectId: bigint): boolean | undefined => {
    const { available, budget } = projects.funding(projectId);
    return available === undefined || budget === undefined ? undefined : available >= budget;
  };
  return {
    funded,
    async refresh(projectIds, epoch) {
      const due = projectIds.filter(
        (projectId) => !asking.has(projectId) && projects.funding(projectId).epoch !== epoch,
      );
      for (const projectId of due) asking.add(projectId);
      const changed = await Promise.all(
        due.map(async (projectId) => {
          const before = funded(projectId);
          const { generation } = projects.funding(projectId);
          try {
            const [available, budget] = await Promise.all([
              escrow.available(client, { projectId }),
              projectActions.budgetOf(client, { projectId }),
            ]);
            projects.setFunding(projectId, { epoch, available, budget, generation });
          } catch (error) {
            // A project of a block that was reorganised away is unknown: it is not served either.
            logger.debug({ projectId: String(projectId), err: error }, "the credit could not be asked");
          } finally {
            asking.delete(projectId);
          }
          return funded(projectId) === before ? [] : [projectId];
        }),
      );
      return changed.flat();
    },
  };
}
