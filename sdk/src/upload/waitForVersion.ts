import { pause } from "../contracts/pause.ts";
import { type ProjectStatus, readProjectStatus } from "../nodeApi/documents.ts";
import { NodeError } from "../nodeApi/NodeError.ts";
import { anySignal, withQuorum } from "../nodeApi/quorum.ts";
import type { Replica } from "../nodeApi/replicas.ts";

export interface WaitForVersionParameters {
  readonly replicas: readonly Replica[];
  readonly projectId: bigint;
  /** Whether a node is where it should be. */
  readonly reached: (status: ProjectStatus) => boolean;
  /** When the clock began, as `performance.now()` tells it. */
  readonly since: number;
  /** After so long without: given up. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Ends it as if the time were over. */
  readonly giveUp?: AbortSignal | undefined;
  /** When so many are there, the others are given as long again, and at least 3 s; half of them, see `enoughOf`. */
  readonly enough?: number | undefined;
  /** Called for each replica that is there. */
  readonly onReached?: ((nodeId: number, liveMs: number) => void) | undefined;
}

const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 1_000;

/**
 * Asks each replica until it is where it should be. One that is away does not hold up the rest.
 *
 * @returns Milliseconds from `since` to the answer that said so, by node; undefined for a replica that did not get there.
 * @throws The signal's reason.
 */
export async function waitForVersion(
  parameters: WaitForVersionParameters,
): Promise<ReadonlyMap<number, number | undefined>> {
  const { replicas, enough, giveUp: stop, ...rest } = parameters;
  const tasks = replicas.map(
    (replica) => async (giveUp: AbortSignal) =>
      [replica.nodeId, await waitForOne(replica, { ...rest, giveUp })] as const,
  );
  return new Map(await withQuorum({ tasks, isDone: ([, liveMs]) => liveMs !== undefined, enough, stop }));
}

async function waitForOne(
  replica: Replica,
  parameters: Omit<WaitForVersionParameters, "replicas" | "enough">,
): Promise<number | undefined> {
  const { projectId, reached, since, timeoutMs, giveUp, onReached } = parameters;
  const signal = anySignal(parameters.signal, giveUp);
  const deadline = performance.now() + timeoutMs;
  try {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
      const status = await projectStatusOrNone(replica, projectId, signal);
      if (status !== undefined && reached(status)) {
        const liveMs = Math.max(0, Math.round(performance.now() - since));
        onReached?.(replica.nodeId, liveMs);
        return liveMs;
      }
      if (performance.now() + wait > deadline) return undefined;
      await pause(wait, signal);
    }
  } catch (error) {
    if (giveUp?.aborted === true && parameters.signal?.aborted !== true) return undefined;
    throw error;
  }
}

/** How far a node is with a project; undefined where it does not answer now: it may do so soon. */
export async function projectStatusOrNone(
  { endpoint }: Pick<Replica, "endpoint">,
  projectId: bigint,
  signal: AbortSignal | undefined,
): Promise<ProjectStatus | undefined> {
  try {
    return await readProjectStatus({ endpoint, projectId, signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof NodeError) return undefined;
    throw error;
  }
}
