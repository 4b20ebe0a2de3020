import { type Address, formatEther } from "viem";
import type { CommandContext } from "../../context/CommandContext.ts";
import { usd } from "../../text/usd.ts";
import type { DeployOptions } from "./options.ts";
import type { FirstPlan } from "./planFirst.ts";
import type { NextPlan } from "./planNext.ts";
import { reserveText } from "./reserve.ts";

/** Digits of a gas price that mean something to a person. */
const GAS_DIGITS = 2;

/** Of the chain's own coin: `0.00021 of the chain's coin`. */
export function coin(wei: bigint): string {
  return `${Number(formatEther(wei)).toPrecision(GAS_DIGITS)} of the chain's coin`;
}

/**
 * Says what the deployment does and costs, and asks.
 *
 * @throws as `context.confirm` does.
 */
export async function confirmPlan(
  context: CommandContext,
  parameters: {
    readonly plan: FirstPlan | NextPlan;
    readonly options: DeployOptions;
    readonly routed: boolean;
    /** Whose the project is, where it is somebody else's. */
    readonly otherOwner: Address | undefined;
  },
): Promise<void> {
  const { plan, options, routed, otherOwner } = parameters;
  const { domain } = options;
  const { deposit } = plan;
  const gas = `gas for about ${coin(plan.gasCost)}`;
  const at = routed ? domain : `${domain}, which nodes do not serve yet`;
  const money = deposit > 0n ? `${usd(deposit)} into the project's credit and ` : "";
  if (plan.kind === "first") {
    context.note(reserveText(plan.terms, plan.prices));
    await context.confirm(`Make a project at ${at}${routed ? "" : ","} and deploy to it?`, {
      cost: `${money}${gas}`,
    });
    return;
  }
  const { projectId, versions, active, split } = plan.project;
  const of = otherOwner === undefined ? `project ${projectId}` : `project ${projectId} of ${otherOwner}`;
  const there = `it has ${usd(plan.available)} available already, and an epoch may cost ${usd(plan.budget)}`;
  if (plan.unchanged === undefined) {
    const ends =
      split === undefined
        ? ""
        : ` It ends the split, which shows version ${split.version} to ${split.bps / 100} % and version ${active} to the rest.`;
    // By its number, where it is somebody else's: only an owner acts by name.
    const question = plan.addition.live
      ? `Deploy version ${versions + 1} of ${of} at ${at}?${ends}`
      : `Propose version ${versions + 1} of ${of} at ${at}? Visitors go on to get version ${active} until it is activated.`;
    await context.confirm(question, {
      cost: `${money}${gas}${money === "" ? "" : `; ${there}`}`,
    });
    return;
  }
  context.note(
    `Version ${plan.unchanged} of project ${projectId} has this content already: no new version is made.`,
  );
  if (deposit > 0n)
    await context.confirm(`Pay into the credit of ${of}?`, { cost: `${usd(deposit)}; ${there}` });
}
