import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { accountOf, available, type CreditAccount, type Runway, runway } from "../escrow.ts";
import type { ReadOptions } from "../read.ts";
import { currentEpoch } from "../settlement/epochs.ts";
import { type Project, projectOf } from "./project.ts";
import { budgetOf } from "./terms.ts";

/** A project with its credit. Amounts in base units. */
export interface ProjectSummary {
  readonly project: Project;
  readonly epoch: number;
  readonly account: CreditAccount;
  /** What may be counted on; nodes serve while it pays `budget`. */
  readonly available: bigint;
  /** The larger of what the current and the next epoch may cost. */
  readonly budget: bigint;
  /** Undefined when nothing is charged. */
  readonly runway: Runway | undefined;
}

export interface ProjectSummaryParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * A project with its credit, in one round trip and of one block.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function projectSummary(
  client: NetworkClient,
  parameters: ProjectSummaryParameters,
): Promise<ProjectSummary> {
  const [project, epoch, account, free, budget, lasts] = await Promise.all([
    projectOf(client, parameters),
    currentEpoch(client, { at: parameters.at }),
    accountOf(client, parameters),
    available(client, parameters),
    budgetOf(client, parameters),
    runway(client, parameters),
  ]);
  return { project, epoch, account, available: free, budget, runway: lasts };
}
