import { NodeError, nodeUnreachable } from "../nodeApi/NodeError.ts";
import { partsOf, readText } from "../nodeApi/readJson.ts";
import { INTENT_HEADER } from "../signing/intentHeader.ts";

/** A CAR that can be read again and again. */
export interface Car {
  readonly cid: string;
  /** Its length. */
  readonly bytes: number;
  open(signal: AbortSignal | undefined): AsyncIterable<Uint8Array>;
}

export interface PutCarParameters {
  readonly endpoint: string;
  readonly car: Car;
  /** The value of the intent's header; absent for a version that the chain names. */
  readonly intent?: string | undefined;
  /** Without a byte in either direction for so long: given up. 30,000 ms by default; checking a large CAR takes time. */
  readonly idleMs?: number | undefined;
  /** Without a whole answer so long after the last byte was sent: given up. 120,000 ms by default; a node checks and unpacks. */
  readonly answerMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that went out since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** What a node said to an upload. */
export interface PutAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/**
 * Sends a CAR to one node.
 *
 * @throws {NodeError} `NODE_UNREACHABLE`, `NODE_TIMEOUT`; the signal's reason; what reading the CAR throws.
 */
export type PutCar = (parameters: PutCarParameters) => Promise<PutAnswer>;

export const PUT_IDLE_MS = 30_000;
export const PUT_ANSWER_MS = 120_000;
/** `fetch` does not tell what went out: an upload is given the time that it takes at this rate. */
const SLOWEST_BYTES_PER_MS = 16;

/** Where a node takes a CAR, and what it is told of it. */
export function putRequest({ endpoint, car, intent }: PutCarParameters): {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  return {
    url: `${endpoint}/.well-known/worker3/car/${car.cid}`,
    headers: {
      "content-type": "application/vnd.ipld.car",
      ...(intent === undefined ? {} : { [INTENT_HEADER]: intent }),
    },
  };
}

/**
 * Sends a CAR by `fetch`, as a page does. A browser sends no body of unknown length to a server of HTTP/1.1, so that the
 * CAR is collected into a Blob first; its bytes count as sent when the node has answered. In Node `putCar` of
 * `@worker3/sdk/node` does better.
 *
 * @throws as `PutCar`.
 */
export const fetchPutCar: PutCar = async (parameters) => {
  const { endpoint, car, idleMs = PUT_IDLE_MS, signal, onBytes } = parameters;
  signal?.throwIfAborted();
  const parts: BlobPart[] = [];
  for await (const part of car.open(signal)) parts.push(new Uint8Array(part));
  const body = new Blob(parts);
  const { url, headers } = putRequest(parameters);
  const late = AbortSignal.timeout(idleMs + Math.ceil(body.size / SLOWEST_BYTES_PER_MS));
  try {
    const response = await fetch(url, {
      method: "PUT",
      headers,
      body,
      redirect: "manual",
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    });
    const text = await readText(partsOf(response), url);
    onBytes?.(body.size);
    return { status: response.status, retryAfter: response.headers.get("retry-after") ?? undefined, text };
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause instanceof NodeError ? cause : nodeUnreachable(endpoint, cause);
  }
};
