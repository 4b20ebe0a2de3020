import { z } from "zod";
import { pause } from "../contracts/pause.ts";
import { foreignWords } from "../errors/foreignWords.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";
import { NodeError } from "../nodeApi/NodeError.ts";
import { anySignal, withQuorum } from "../nodeApi/quorum.ts";
import { parseJson } from "../nodeApi/readJson.ts";
import type { Replica } from "../nodeApi/replicas.ts";
import type { Intent } from "./createIntent.ts";
import type { Car, PutAnswer, PutCar } from "./putCar.ts";

/** Content did not reach the nodes. `value` is the endpoint of a node, or the CID. */
export class UploadError extends Worker3Error {}

export interface UploadCarParameters {
  readonly replica: Replica;
  readonly car: Car;
  /** How it is sent: `putCar` of `@worker3/sdk/node`, or in a browser `fetchPutCar`. */
  readonly put: PutCar;
  /** Absent for a version that the chain names. */
  readonly intent?: Intent | undefined;
  /** How long to try again where a node cannot be reached or has no time; 60,000 ms. */
  readonly patienceMs?: number | undefined;
  /** For so long refusals may come from a node that has not seen the newest block yet; 0 ms. */
  readonly behindMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Ends it as if its patience were over: others have the content, and nobody waits for this one any more. */
  readonly giveUp?: AbortSignal | undefined;
  /** Called with the bytes of this try. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

const PATIENCE_MS = 60_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

/** No time, or an intermediary's. */
const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);
/** What a node says of a project, a version or a payment that it has not heard of. */
const UNAWARE = new Set([401, 402, 403, 404, 409]);

const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/**
 * Brings a CAR to one node, with new tries where that may help, and ends when the node has checked it and is ready to
 * serve it.
 *
 * @throws {UploadError} `UPLOAD_REFUSED` with the node's own words; {NodeError} `NODE_UNREACHABLE`, `NODE_TIMEOUT`.
 */
export async function uploadCar(parameters: UploadCarParameters): Promise<void> {
  const { replica, car, put, intent, patienceMs = PATIENCE_MS, behindMs = 0, giveUp, onSent } = parameters;
  const signal = anySignal(parameters.signal, giveUp);
  const begun = performance.now();
  let last: Worker3Error | undefined;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const outcome = await unlessGivenUp(tryOnce);
    if (outcome === undefined) return;
    last = outcome.error;
    const passed = performance.now() - begun;
    const delay = outcome.retryAfterMs ?? wait * (0.75 + Math.random() / 2);
    const allowed = Math.max(outcome.passing ? patienceMs : 0, outcome.unaware ? behindMs : 0);
    if (passed + delay > allowed) throw outcome.error;
    await unlessGivenUp(() => pause(delay, signal));
  }

  /** What it said last is why it does not have the content. */
  async function unlessGivenUp<value>(work: () => Promise<value>): Promise<value> {
    try {
      return await work();
    } catch (error) {
      if (giveUp?.aborted !== true || parameters.signal?.aborted === true) throw error;
      throw last ?? tooSlow(replica);
    }
  }

  async function tryOnce(): Promise<Failure | undefined> {
    let bytes = 0;
    onSent?.(0);
    try {
      const answer = await put({
        endpoint: replica.endpoint,
        car,
        intent: await intent?.(),
        signal,
        onBytes: (more) => {
          bytes += more;
          onSent?.(bytes);
        },
      });
      return answer.status === 200 || answer.status === 201 ? undefined : refusal(replica, answer);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      return { error, passing: true, unaware: false, retryAfterMs: undefined };
    }
  }
}

interface Failure {
  readonly error: Worker3Error;
  /** Whether it may pass by itself. */
  readonly passing: boolean;
  /** Whether the node may not know yet what the chain says. */
  readonly unaware: boolean;
  readonly retryAfterMs: number | undefined;
}

function refusal({ nodeId, endpoint }: Replica, { status, text, retryAfter }: PutAnswer): Failure {
  const document = refusalSchema.safeParse(parseJson(text));
  const reason = document.success
    ? foreignWords(`${document.data.error.code}: ${document.data.error.message}`)
    : `status ${status}`;
  const seconds = /^\d{1,4}$/.test(retryAfter ?? "") ? Number(retryAfter) : undefined;
  return {
    error: new UploadError({
      code: "UPLOAD_REFUSED",
      message: `Node ${nodeId} does not take the content: ${reason}`,
      value: endpoint,
    }),
    passing: BUSY.has(status) || (document.success && document.data.error.code === "UPLOAD_IN_PROGRESS"),
    unaware: UNAWARE.has(status),
    retryAfterMs: seconds === undefined ? undefined : seconds * 1_000,
  };
}

function tooSlow({ nodeId, endpoint }: Replica): UploadError {
  return new UploadError({
    code: "UPLOAD_TOO_SLOW",
    message: `Node ${nodeId} has not taken the content yet, unlike others`,
    value: endpoint,
  });
}

export interface UploadToReplicasParameters
  extends Omit<UploadCarParameters, "replica" | "onSent" | "giveUp"> {
  readonly replicas: readonly Replica[];
  /** When so many have it, the others are given as long again, and at least 3 s; half of them, see `enoughOf`. */
  readonly enough?: number | undefined;
  /** Whose replicas they are: an error names it. */
  readonly projectId?: bigint | undefined;
  /** Called with the bytes that went out and those that have to, over all replicas. */
  readonly onProgress?: ((sentBytes: number, allBytes: number) => void) | undefined;
}

/** Whether one replica has the content. */
export interface ReplicaUpload extends Replica {
  readonly ready: boolean;
  /** Why not. */
  readonly error: Worker3Error | undefined;
}

/**
 * Brings a CAR to all replicas at once. One that fails does not stop the others, and one that is away does not hold them up.
 *
 * @returns Each replica's outcome, in order; at least one is ready.
 * @throws {UploadError} `UPLOAD_FAILED`: none took it; the message has the reason of each.
 */
export async function uploadToReplicas(parameters: UploadToReplicasParameters): Promise<ReplicaUpload[]> {
  const { replicas, car, onProgress, enough, projectId, ...options } = parameters;
  const sent = new Map<number, number>();
  const report = (nodeId: number, bytes: number): void => {
    sent.set(nodeId, bytes);
    let all = 0;
    for (const each of sent.values()) all += each;
    onProgress?.(all, car.bytes * replicas.length);
  };
  const tasks = replicas.map((replica) => async (giveUp: AbortSignal): Promise<ReplicaUpload> => {
    try {
      await uploadCar({ ...options, replica, car, giveUp, onSent: (bytes) => report(replica.nodeId, bytes) });
      report(replica.nodeId, car.bytes);
      return { ...replica, ready: true, error: undefined };
    } catch (error) {
      if (!(error instanceof UploadError || error instanceof NodeError)) throw error;
      return { ...replica, ready: false, error };
    }
  });
  const outcomes = await withQuorum({ tasks, isDone: ({ ready }) => ready, enough });
  requireUploaded(outcomes, { cid: car.cid, projectId });
  return outcomes;
}

/**
 * Makes sure that one replica has the content at least.
 *
 * @throws {UploadError} `UPLOAD_FAILED`, with the reason of each.
 */
export function requireUploaded(
  outcomes: readonly ReplicaUpload[],
  { cid, projectId }: { readonly cid: string; readonly projectId?: bigint | undefined },
): void {
  if (outcomes.some(({ ready }) => ready)) return;
  const reasons = outcomes.map(({ nodeId, error }) =>
    // A refusal names the node itself.
    error instanceof UploadError ? error.message : `Node ${nodeId}: ${error?.message ?? ""}`,
  );
  throw new UploadError({
    code: "UPLOAD_FAILED",
    message:
      reasons.length === 0
        ? "The project has no replica to upload to."
        : `No replica took the content. ${reasons.join("; ")}`,
    value: cid,
    next:
      projectId === undefined
        ? "try again, or give the project other nodes"
        : `try again, or give the project other nodes: worker3 project nodes ${projectId} --nodes <ids>`,
  });
}
