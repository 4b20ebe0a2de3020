import { urlsOf } from "@worker3/sdk";
import type { PackedProject } from "../../upload/packProject.ts";
import type { Outcome } from "./Outcome.ts";
import type { DeployOptions } from "./options.ts";

/** The document of `deploy`. */
export type DeployDocument = ReturnType<typeof deployDocument>;

export function deployDocument(parameters: {
  readonly outcome: Outcome;
  readonly packed: PackedProject;
  readonly options: DeployOptions;
  readonly notices: readonly string[];
  readonly message: string | undefined;
}) {
  const { outcome, packed, options, notices, message } = parameters;
  const { projectId, version, txHash, depositTxHash, created, unchanged, superseded, uploadMs, txMs } =
    outcome;
  const live = outcome.replicas.map(({ liveMs }) => liveMs ?? 0);
  return {
    projectId,
    version,
    cid: packed.car.cid,
    domain: options.domain,
    txHash,
    depositTxHash,
    // Of those that serve it: whoever follows the first address shall not meet a node that is away.
    urls: urlsOf(
      options.domain,
      outcome.replicas.filter(({ ready }) => ready),
    ),
    replicas: outcome.replicas.map(({ nodeId, ready, liveMs, error }) => ({ nodeId, ready, liveMs, error })),
    timings: { ...packed.timings, uploadMs, txMs, liveMs: Math.max(0, ...live) },
    bytes: packed.car.bytes,
    files: packed.files,
    workerBytes: packed.workerBytes,
    created,
    unchanged,
    superseded,
    notices: [...notices, ...outcome.warnings],
    message,
  };
}

/** The same for a person. */
export function deployText(document: DeployDocument, waited: boolean): string {
  const { projectId, version, cid, urls, replicas, unchanged, superseded } = document;
  const lines = replicas.map(({ nodeId, ready, liveMs, error }) => {
    if (liveMs !== undefined && unchanged) return `  node ${nodeId}  serves it`;
    if (liveMs !== undefined) return `  node ${nodeId}  live after ${liveMs} ms`;
    return `  node ${nodeId}  ${error ?? (ready ? "has the content" : "not there yet")}`;
  });
  return [
    superseded === undefined
      ? `Version ${version} of project ${projectId} ${waited ? "is live" : "is on chain"}: ${urls.join(" ")}`
      : `Version ${version} of project ${projectId} is on chain, and version ${superseded} is served instead by now.`,
    `  ${cid}`,
    ...lines,
  ].join("\n");
}
