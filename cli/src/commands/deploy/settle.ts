import { projectStatusOrNone, type ReplicaUpload, waitForVersion } from "@worker3/sdk";
import { CliError } from "../../errors.ts";
import type { DeployParameters, ReplicaOutcome } from "./Outcome.ts";

/**
 * Waits until every replica that has the content serves the version, unless told not to.
 *
 * @param minedAt When the transaction was known to be mined, as `performance.now()` tells it.
 * @throws {CliError} `NOT_LIVE`: no replica serves it in time.
 */
export async function settle(
  { context, wait, patience }: DeployParameters,
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
    timeoutMs: patience.waitMs,
    signal: context.signal,
    onReached: (nodeId, liveMs) =>
      progress.update(`Node ${nodeId} serves it after ${liveMs} ms; waiting for the others`),
  });
  progress.done();
  const outcomes = await Promise.all(
    uploads.map(async (upload): Promise<ReplicaOutcome> => {
      const liveMs = live.get(upload.nodeId);
      if (liveMs !== undefined || !upload.ready) {
        return { ...upload, ready: liveMs !== undefined, liveMs, error: errorOf(upload) };
      }
      const code = (await projectStatusOrNone(upload, projectId, context.signal))?.code;
      const error = `does not serve it after ${patience.waitMs / 1000} seconds${code === undefined ? "" : `: ${code}`}`;
      context.note(`Node ${upload.nodeId} ${error}.`);
      return { ...upload, ready: false, liveMs, error };
    }),
  );
  if (outcomes.some(({ ready }) => ready)) return outcomes;
  throw new CliError({
    code: "NOT_LIVE",
    message: `No node serves version ${version} within ${patience.waitMs / 1000} seconds.`,
    value: String(version),
  });
}
