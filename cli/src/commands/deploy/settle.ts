import { CliError } from "../../errors.ts";
import type { ReplicaUpload } from "../../upload/uploadToReplicas.ts";
import { waitForVersion } from "../../upload/waitForVersion.ts";
import type { DeployParameters, ReplicaOutcome } from "./Outcome.ts";

/** Nodes see a block in seconds; a first version may have to be fetched and checked by slow ones. */
const TIMEOUT_MS = 120_000;

/**
 * Waits until every replica that has the content serves the version, unless told not to.
 *
 * @param minedAt When the transaction was known to be mined, as `performance.now()` tells it.
 * @throws {CliError} `NOT_LIVE`: no replica serves it in time.
 */
export async function settle(
  { context, wait }: DeployParameters,
  parameters: {
    readonly projectId: bigint;
    readonly version: number;
    readonly uploads: readonly ReplicaUpload[];
    readonly minedAt: number;
  },
): Promise<ReplicaOutcome[]> {
  const { projectId, version, uploads, minedAt } = parameters;
  const errorOf = ({ error }: ReplicaUpload): string | undefined => error?.message;
  if (!wait) return uploads.map((upload) => ({ ...upload, liveMs: undefined, error: errorOf(upload) }));
  const having = uploads.filter(({ ready }) => ready);
  using progress = context.progress("Waiting until the nodes serve it");
  const live = await waitForVersion({
    replicas: having,
    projectId,
    reached: ({ active }) => (active ?? 0) === version,
    since: minedAt,
    timeoutMs: TIMEOUT_MS,
    signal: context.signal,
    onReached: (nodeId, liveMs) =>
      progress.update(`Node ${nodeId} serves it after ${liveMs} ms; waiting for the others`),
  });
  progress.done();
  const outcomes = uploads.map((upload): ReplicaOutcome => {
    const liveMs = live.get(upload.nodeId);
    const late =
      upload.ready && liveMs === undefined ? `does not serve it after ${TIMEOUT_MS / 1000} s` : undefined;
    return { ...upload, ready: liveMs !== undefined, liveMs, error: errorOf(upload) ?? late };
  });
  for (const { nodeId, error } of outcomes) if (error !== undefined) context.note(`Node ${nodeId}: ${error}`);
  if (outcomes.some(({ ready }) => ready)) return outcomes;
  throw new CliError({
    code: "NOT_LIVE",
    message: `No node serves version ${version} within ${TIMEOUT_MS / 1000} seconds.`,
    value: String(version),
  });
}
