import { urlsOf } from "@worker3/sdk";
import type { PackedProject } from "../../upload/packProject.ts";
import type { Outcome } from "./Outcome.ts";
import type { DeployOptions } from "./options.ts";
import type { Route } from "./routeOf.ts";

/** The document of `deploy`. */
export type DeployDocument = ReturnType<typeof deployDocument>;

export function deployDocument(parameters: {
  readonly outcome: Outcome;
  readonly packed: PackedProject;
  readonly options: DeployOptions;
  readonly route: Route;
  readonly notices: readonly string[];
  readonly message: string | undefined;
}) {
  const { outcome, packed, options, route, notices, message } = parameters;
  const { projectId, version, txHash, depositTxHash, created, unchanged, live, superseded, uploadMs, txMs } =
    outcome;
  const ready = outcome.replicas.filter(({ ready }) => ready);
  const waits = outcome.replicas.map(({ liveMs }) => liveMs ?? 0);
  return {
    projectId,
    version,
    cid: packed.car.cid,
    domain: options.domain,
    txHash,
    depositTxHash,
    // Of those that serve it: whoever follows the first address shall not meet a node that is away.
    urls: route.served.flatMap((domain) => urlsOf(domain, ready)),
    routed: route.routed,
    records: route.records,
    replicas: outcome.replicas.map(({ nodeId, ready, liveMs, error }) => ({ nodeId, ready, liveMs, error })),
    timings: { ...packed.timings, uploadMs, txMs, liveMs: Math.max(0, ...waits) },
    bytes: packed.car.bytes,
    files: packed.files,
    workerBytes: packed.workerBytes,
    created,
    unchanged,
    /** Whether it is served; where it is not, `activate` is the command that makes it so. */
    live,
    activate: live ? null : activateCommand(projectId, version),
    superseded,
    notices: [...notices, ...outcome.warnings],
    message,
  };
}

/** How a version that was proposed comes to be served. */
export function activateCommand(projectId: bigint, version: number): string {
  return `worker3 activate ${projectId} --version ${version}`;
}

/** The same for a person. */
export function deployText(document: DeployDocument, waited: boolean, zone: string): string {
  const { cid, replicas, unchanged } = document;
  const lines = replicas.map(({ nodeId, ready, liveMs, error }) => {
    if (liveMs !== undefined && unchanged) return `  node ${nodeId}  serves it`;
    if (liveMs !== undefined) return `  node ${nodeId}  live after ${liveMs} ms`;
    // A node's own words begin with its name.
    const why = error?.replace(new RegExp(`^Node ${nodeId}:? `), "");
    return `  node ${nodeId}  ${why ?? (ready ? (waited ? "serves it" : "has the content") : "not there yet")}`;
  });
  return [headline(document, waited), `  ${cid}`, ...lines, ...routeLines(document, zone)].join("\n");
}

function headline(document: DeployDocument, waited: boolean): string {
  const { projectId, version, domain, urls, superseded, routed, live } = document;
  const it = `Version ${version} of project ${projectId}`;
  if (superseded !== undefined)
    return `${it} is on chain, and version ${superseded} is served instead by now.`;
  if (!live) return `${it} is proposed, not live: ${activateCommand(projectId, version)}`;
  if (!waited) return `${it} is on chain: ${routed ? urls.join(" ") : domain}`;
  return routed
    ? `${it} is live: ${urls.join(" ")}`
    : `${it} is on its nodes, but not live at ${domain}: nodes do not serve domains of your own yet.`;
}

function routeLines({ projectId, routed, records, urls, live }: DeployDocument, zone: string): string[] {
  if (routed || !live) return [];
  return [
    ...(urls.length > 0 ? [`It is live at ${urls.join(" ")}`] : []),
    "These records in the DNS prove the domain, for when nodes do:",
    ...records.map((record) => `  ${record}`),
    ...(urls.length > 0
      ? []
      : [`Next: worker3 domains add ${projectId} <name>.${zone}, to be served meanwhile`]),
  ];
}
