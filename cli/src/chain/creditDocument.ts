import { creditWindow, type projects, type Times } from "@worker3/sdk";
import { formatSpan } from "../text/formatSpan.ts";
import { usd } from "../text/usd.ts";
import { epochTime } from "./epochTime.ts";

/** A project's credit as the command prints it. Amounts in base units. */
export interface CreditDocument {
  readonly projectId: bigint;
  readonly balance: bigint;
  /** What may be counted on. */
  readonly available: bigint;
  /** What was asked back. */
  readonly thawing: bigint;
  /** When that can be withdrawn; null when nothing was asked back. */
  readonly thawsAt: Date | null;
  /** What one epoch may cost. */
  readonly budget: bigint;
  /** For how long the available credit pays the budget; null when nothing is charged. */
  readonly runwaySeconds: number | null;
}

/** The document of a project's credit. */
export function creditDocument(summary: projects.ProjectSummary, times: Times): CreditDocument {
  const { project, account, available, budget, runway } = summary;
  const thaws = account.thawing > 0n;
  return {
    projectId: project.projectId,
    balance: account.balance,
    available,
    thawing: account.thawing,
    thawsAt: thaws ? epochTime(times, creditWindow(times, account.thawEpoch).firstWithdraw) : null,
    budget,
    runwaySeconds: runway === undefined ? null : Number(runway.runwaySeconds),
  };
}

/** The same for a person. */
export function creditText(document: CreditDocument): string {
  const { projectId, balance, available, thawing, thawsAt, budget, runwaySeconds } = document;
  return [
    `Project ${projectId} has ${usd(balance)} of credit, ${usd(available)} of it available.`,
    `An epoch may cost ${usd(budget)}.`,
    ...(thawsAt === null ? [] : [`${usd(thawing)} can be withdrawn from ${thawsAt.toISOString()} on.`]),
    runwaySeconds === null
      ? "Nothing is charged."
      : `The credit lasts for at least ${formatSpan(runwaySeconds)}, if every node charges its whole cap.`,
  ].join("\n");
}
