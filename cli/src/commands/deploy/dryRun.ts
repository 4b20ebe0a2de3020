import type { NetworkClient } from "@worker3/sdk";
import { pricesText, requestsFor } from "../../chain/prices.ts";
import { formatSpan } from "../../text/formatSpan.ts";
import { usd } from "../../text/usd.ts";
import type { PackedProject } from "../../upload/packProject.ts";
import { coin } from "./confirmPlan.ts";
import type { DeployOptions } from "./options.ts";
import type { FirstPlan } from "./planFirst.ts";
import type { NextPlan } from "./planNext.ts";
import { reserveOf, reserveText, type Terms } from "./reserve.ts";
import type { Route } from "./routeOf.ts";

/** The document of `deploy --dry-run`. */
export type DryRunDocument = ReturnType<typeof dryRunDocument>;

const DAY_SECONDS = 86_400n;

/** What a deployment would do and cost. Amounts in base units. */
export function dryRunDocument(parameters: {
  readonly client: Pick<NetworkClient, "network">;
  readonly options: DeployOptions;
  readonly plan: FirstPlan | NextPlan;
  readonly packed: PackedProject;
  readonly route: Route;
  readonly notices: readonly string[];
  /** Whether the balances of whoever pays were looked at. */
  readonly payerKnown: boolean;
}) {
  const { client, options, plan, packed, route, notices, payerKnown } = parameters;
  const { times } = client.network;
  const first = plan.kind === "first";
  const { budget, nodeIds, gasCost } = plan;
  const available = first ? 0n : plan.available;
  const terms: Terms = first
    ? plan.terms
    : { cap: plan.project.cap, seats: nodeIds.length, late: times.late };
  const reserved = reserveOf(terms);
  const advised = first ? reserved : plan.advisedDeposit;
  const unchanged = first ? undefined : plan.unchanged;
  return {
    dryRun: true,
    projectId: first ? null : plan.project.projectId,
    version: first ? 1 : (unchanged ?? plan.project.versions + 1),
    created: first,
    unchanged: unchanged !== undefined,
    live: first || plan.addition.live,
    cid: packed.car.cid,
    domain: options.domain,
    routed: route.routed,
    records: route.records,
    bytes: packed.car.bytes,
    files: packed.files,
    workerBytes: packed.workerBytes,
    nodes: nodeIds,
    /** They are drawn anew by the block that makes the project. */
    drawn: first && options.nodes === undefined,
    cost: {
      deposit: plan.deposit,
      /** Of a new project what lasts, of one that is there what is missing. */
      advisedDeposit: advised,
      available,
      cap: terms.cap,
      seats: nodeIds.length,
      /** What nodes may still charge for epochs that are over, and for the running one: `cap` x `seats` x (`late` + 1). */
      reserved,
      /** What the cap pays for on one node in one epoch; null where they are free. */
      requests: requestsFor(plan.prices, terms.cap) ?? null,
      prices: plan.prices,
      /** The most that all seats may charge. */
      budget,
      epochSeconds: times.epochSeconds,
      budgetADay: (budget * DAY_SECONDS) / BigInt(times.epochSeconds),
      gasWei: gasCost,
    },
    reserve: reserveText(terms, plan.prices),
    payerKnown,
    timings: packed.timings,
    notices,
  };
}

/** The same for a person. */
export function dryRunText(document: DryRunDocument): string {
  const {
    projectId,
    version,
    domain,
    cid,
    files,
    bytes,
    nodes,
    drawn,
    cost,
    unchanged,
    payerKnown,
    live,
    reserve,
  } = document;
  const { deposit, advisedDeposit, cap, budget, budgetADay, epochSeconds, gasWei, prices } = cost;
  const what =
    projectId === null
      ? `It would make a project at ${domain}, and deploy version 1 to it.`
      : unchanged
        ? `Version ${version} of project ${projectId} at ${domain} has this content already: no new version would be made.`
        : `It would ${live ? "deploy" : "propose"} version ${version} of project ${projectId} at ${domain}.`;
  const more =
    projectId === null
      ? `; ${usd(advisedDeposit)} is the least that lasts`
      : deposit > 0n || advisedDeposit === 0n
        ? ""
        : `; ${usd(advisedDeposit)} is missing`;
  return [
    `${what} Nothing was sent.`,
    `  content  ${cid}, ${files} files, ${bytes} bytes`,
    `  nodes    ${nodes.join(", ")}${drawn ? ", if they were drawn now" : ""}`,
    `  deposit  ${deposit === 0n ? "none" : usd(deposit)}${more}`,
    `  cost     at most ${usd(budget)} an epoch of ${formatSpan(epochSeconds)} (${usd(cap)} a node), ${usd(budgetADay)} a day`,
    `  reserve  ${reserve}`,
    `  prices   ${pricesText(prices)}`,
    `  gas      about ${coin(gasWei)}`,
    ...(payerKnown ? [] : ["Without a key nobody's balances were looked at."]),
  ].join("\n");
}
