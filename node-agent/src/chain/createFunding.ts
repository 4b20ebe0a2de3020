import {
  contractError,
  escrow,
  type NetworkClient,
  projects as projectActions,
  settlement,
} from "@worker3/sdk";
import type { Credit, Funding, ProjectTable } from "../ledger/projectTable.ts";
import { ChainError } from "./ChainError.ts";

/** Whether projects can pay: asked of the chain once an epoch, and whenever a fact touched the credit or the terms. */
export interface FundingView {
  /** Whether the credit pays for an epoch: see `paysFor`. */
  funded(projectId: bigint, epoch: number): boolean | undefined;
  /** Whether it pays for an epoch and for the next: see `paysForNext`. */
  fundedNext(projectId: bigint, epoch: number): boolean | undefined;
  /**
   * Asks where the answer is missing or of an epoch before. Not twice at once for one project.
   *
   * @param epoch - the epoch that is now.
   * @returns Whether one of the answers is another one now.
   * @throws {RpcError | ContractError | ChainError} The chain cannot be asked, does not know the project, is told in two
   *   ways, or no block of the epoch is there yet: what was known holds.
   */
  refresh(projectId: bigint, epoch: number): Promise<boolean>;
}

export interface FundingParameters {
  /** One for each host that the network names, in its order. */
  readonly clients: readonly NetworkClient[];
  readonly projects: Pick<ProjectTable, "funding" | "setFunding">;
}

/**
 * Whether the credit pays for what the seats of an epoch may charge. What was read for another epoch, or before a fact touched
 * it, tells that only where it paid for the one after as well, since that one's budget was set aside meanwhile.
 *
 * @returns Undefined where it is not known: what is served stays served then, and nothing new is begun.
 */
export function paysFor({ epoch: of, credit }: Funding, epoch: number): boolean | undefined {
  if (credit === undefined) return undefined;
  if (of === epoch) return credit.available >= credit.budget;
  return paysBoth(credit) ? true : undefined;
}

/** Whether the credit pays for an epoch and for the one after it, which is what it takes to get ready for that one. */
export function paysForNext({ epoch: of, credit }: Funding, epoch: number): boolean | undefined {
  return credit === undefined || of !== epoch ? undefined : paysBoth(credit);
}

function paysBoth({ available, budget, nextBudget }: Credit): boolean {
  return available >= budget + nextBudget;
}

export function createFunding({ clients, projects }: FundingParameters): FundingView {
  const funded = (projectId: bigint, epoch: number) => paysFor(projects.funding(projectId), epoch);
  const fundedNext = (projectId: bigint, epoch: number) => paysForNext(projects.funding(projectId), epoch);
  return {
    funded,
    fundedNext,
    async refresh(projectId, epoch) {
      const { epoch: known, generation } = projects.funding(projectId);
      if (known === epoch) return false;
      const before = [funded(projectId, epoch), fundedNext(projectId, epoch)];
      const credit = await askCredit(clients, projectId, epoch);
      projects.setFunding(projectId, { epoch, credit, generation });
      return funded(projectId, epoch) !== before[0] || fundedNext(projectId, epoch) !== before[1];
    },
  };
}

/**
 * What a project has, and what this epoch and the next may cost it. That it cannot pay ends what visitors get, so where there
 * are RPCs of two hosts, two have to say it.
 */
async function askCredit(
  clients: readonly NetworkClient[],
  projectId: bigint,
  epoch: number,
): Promise<Credit> {
  const pays = ({ available, budget }: Credit) => available >= budget;
  let first: Credit | undefined;
  let failed: unknown;
  for (const client of clients) {
    let credit: Credit;
    try {
      credit = await askOne(client, projectId, epoch);
    } catch (error) {
      failed ??= error;
      continue;
    }
    if (pays(credit) && first !== undefined) throw disagree(projectId, first, credit);
    if (pays(credit) || first !== undefined || clients.length === 1) return credit;
    first = credit;
  }
  throw failed instanceof ChainError ? failed : contractError(failed);
}

/** The reads share a call, so they are of one block. */
async function askOne(client: NetworkClient, projectId: bigint, epoch: number): Promise<Credit> {
  const [now, available, budget, nextBudget] = await Promise.all([
    settlement.currentEpoch(client),
    escrow.available(client, { projectId }),
    projectActions.budgetAt(client, { projectId, epoch }),
    projectActions.budgetAt(client, { projectId, epoch: epoch + 1 }),
  ]);
  // Before the first block of an epoch, what the one before may still be charged is not set aside yet.
  if (now !== epoch) throw notYet(projectId, epoch, now);
  return { available, budget, nextBudget };
}

function notYet(projectId: bigint, epoch: number, now: number): ChainError {
  return new ChainError({
    code: "EPOCH_NOT_REACHED",
    message: `the credit of project ${projectId} is asked for epoch ${epoch}, of which the RPC has no block`,
    value: String(now),
    next: "nothing: it is asked again in a moment",
  });
}

function disagree(projectId: bigint, one: Credit, other: Credit): ChainError {
  return new ChainError({
    code: "RPC_DISAGREE",
    message: `two RPCs tell different credit of project ${projectId}`,
    value: `${one.available} and ${other.available}, for a budget of ${one.budget} and ${other.budget}`,
    next: "nothing, where it passes; else find out which of the two is wrong, and replace it in node.json",
  });
}
