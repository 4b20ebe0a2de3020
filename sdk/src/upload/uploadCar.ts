import { z } from "zod";
import type { Worker3Error } from "../errors/Worker3Error.ts";
import { type Car, type PutAnswer, putCar } from "../node/putCar.ts";
import { NodeError } from "../nodeApi/NodeError.ts";
import type { Replica } from "../nodeApi/Replica.ts";
import type { Intent } from "./createIntent.ts";
import { pause } from "./pause.ts";
import { UploadError } from "./UploadError.ts";

export interface UploadCarParameters {
  readonly replica: Replica;
  readonly car: Car;
  /** Absent for a version that the chain names. */
  readonly intent?: Intent | undefined;
  /** How long to try again where a node cannot be reached or has no time; 60,000 ms. */
  readonly patienceMs?: number | undefined;
  /** For so long refusals may come from a node that has not seen the newest block yet; 0 ms. */
  readonly behindMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
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
  const { replica, car, intent, patienceMs = PATIENCE_MS, behindMs = 0, signal, onSent } = parameters;
  const begun = performance.now();
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const outcome = await tryOnce();
    if (outcome === undefined) return;
    const passed = performance.now() - begun;
    const delay = outcome.retryAfterMs ?? wait * (0.75 + Math.random() / 2);
    const allowed = Math.max(outcome.passing ? patienceMs : 0, outcome.unaware ? behindMs : 0);
    if (passed + delay > allowed) throw outcome.error;
    await pause(delay, signal);
  }

  async function tryOnce(): Promise<Failure | undefined> {
    let bytes = 0;
    onSent?.(0);
    try {
      const answer = await putCar({
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
  const document = refusalSchema.safeParse(parse(text));
  const reason = document.success
    ? `${document.data.error.code}: ${document.data.error.message}`
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
