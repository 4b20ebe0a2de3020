import { contractError, escrow, type NetworkClient, projects as projectActions } from "@worker3/sdk";
import type { ProjectTable } from "../ledger/projectTable.ts";
import { ChainError } from "./ChainError.ts";

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
   * @throws {RpcError | ContractError | ChainError} The chain cannot be asked, does not know the project, or is told in two
   *   ways: what was known holds.
   */
  refresh(projectId: bigint, epoch: number): Promise<boolean>;
}

export interface FundingParameters {
  /** One for each host that the network names, in its order. */
  readonly clients: readonly NetworkClient[];
  readonly projects: Pick<ProjectTable, "funding" | "setFunding">;
}

interface Money {
  readonly available: bigint;
  readonly budget: bigint;
}

export function createFunding({ clients, projects }: FundingParameters): FundingView {
  const funded = (projectId: bigint): boolean | undefined => {
    const { available, budget } = projects.funding(projectId);
    return available === undefined || budget === undefined ? undefined : pays({ available, budget });
  };
  return {
    funded,
    async refresh(projectId, epoch) {
      const { epoch: known, generation } = projects.funding(projectId);
      if (known === epoch) return false;
      const before = funded(projectId);
      const money = await askMoney(clients, projectId);
      projects.setFunding(projectId, { epoch, ...money, generation });
      return funded(projectId) !== before;
    },
  };
}

function pays({ available, budget }: Money): boolean {
  return available >= budget;
}

/**
 * What a project has, and what an epoch may cost it. That it cannot pay ends what visitors get, so where there are RPCs of two
 * hosts, two have to say it.
 */
async function askMoney(clients: readonly NetworkClient[], projectId: bigint): Promise<Money> {
  let first: Money | undefined;
  let failed: unknown;
  for (const client of clients) {
    let money: Money;
    try {
      const [available, budget] = await Promise.all([
        escrow.available(client, { projectId }),
        projectActions.budgetOf(client, { projectId }),
      ]);
      money = { available, budget };
    } catch (error) {
      failed ??= error;
      continue;
    }
    if (pays(money) && first !== undefined) throw disagree(projectId, first, money);
    if (pays(money) || first !== undefined || clients.length === 1) return money;
    first = money;
  }
  throw contractError(failed);
}

function disagree(projectId: bigint, one: Money, other: Money): ChainError {
  return new ChainError({
    code: "RPC_DISAGREE",
    message: `two RPCs tell different credit of project ${projectId}`,
    value: `${one.available} and ${other.available}, for a budget of ${one.budget} and ${other.budget}`,
    next: "nothing, where it passes; else find out which of the two is wrong, and replace it in node.json",
  });
}
