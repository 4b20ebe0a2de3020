import { escrow, type NetworkClient, projects as projectActions } from "@worker3/sdk";
import type { ProjectTable } from "../ledger/projectTable.ts";

/** Whether projects can pay: asked of the chain once an epoch, and whenever a fact touched the credit or the terms. */
export interface FundingView {
  /**
   * Whether the credit pays for an epoch; undefined while it was never asked. Where the chain is away, what was known
   * last holds: what is served stays served.
   */
  funded(projectId: bigint): boolean | undefined;
  /**
   * Asks where the answer is missing or of an epoch before. Not twice at once for one project.
   *
   * @returns Whether the answer is another one now.
   * @throws {RpcError | ContractError} The chain cannot be asked, or does not know the project: what was known holds.
   */
  refresh(projectId: bigint, epoch: number): Promise<boolean>;
}

export function createFunding({
  client,
  projects,
}: {
  client: NetworkClient;
  projects: ProjectTable;
}): FundingView {
  const funded = (projectId: bigint): boolean | undefined => {
    const { available, budget } = projects.funding(projectId);
    return available === undefined || budget === undefined ? undefined : available >= budget;
  };
  return {
    funded,
    async refresh(projectId, epoch) {
      const { epoch: known, generation } = projects.funding(projectId);
      if (known === epoch) return false;
      const before = funded(projectId);
      const [available, budget] = await Promise.all([
        escrow.available(client, { projectId }),
        projectActions.budgetOf(client, { projectId }),
      ]);
      projects.setFunding(projectId, { epoch, available, budget, generation });
      return funded(projectId) !== before;
    },
  };
}
