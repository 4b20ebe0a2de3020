import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { accountOf, available, type CreditAccount, type Runway, runway } from "../escrow/credit.ts";
import { type Project, projectOf } from "../lens/project.ts";
import type { ReadOptions } from "../read.ts";
import { type Budgets, readBudgets } from "./budgets.ts";

/** A project with its credit. Amounts in base units. */
export interface ProjectSummary extends Budgets {
  readonly project: Project;
  readonly account: CreditAccount;
  /** What may be counted on; nodes serve an epoch while it pays that epoch's budget. */
  readonly available: bigint;
  /** Undefined when nothing is charged. */
  readonly runway: Runway | undefined;
}

export interface ProjectSummaryParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * A project with its credit, in two round trips.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function projectSummary(
  client: NetworkClient,
  parameters: ProjectSummaryParameters,
): Promise<ProjectSummary> {
  const [project, account, free, budgets, lasts] = await Promise.all([
    projectOf(client, parameters),
    accountOf(client, parameters),
    available(client, parameters),
    readBudgets(client, parameters),
    runway(client, parameters),
  ]);
  return { project, account, available: free, ...budgets, runway: lasts };
}
