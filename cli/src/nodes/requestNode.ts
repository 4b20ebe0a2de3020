import type { Readable } from "node:stream";
import { nodeUnreachable } from "@worker3/sdk";
import { Agent, type Dispatcher, request } from "undici";

export interface RequestNodeParameters {
  /** As the registry has it: `https://host[:port]`. The connection goes there. */
  readonly endpoint: string;
  /** Path and query, beginning with `/`, already percent-encoded. */
  readonly path: string;
  /** The host name that is asked for (`Host`, and SNI with TLS); the endpoint's own by default: then the node itself answers. */
  readonly host?: string | undefined;
  readonly method?: "GET" | "HEAD" | "PUT" | "POST" | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Readable | Uint8Array | string | undefined;
  /** Without an answer's head, or without a byte of its body, for so long: given up. 15,000 ms by default. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Connections to use again, see `openConnections`; its timeouts then count. */
  readonly connections?: Dispatcher | undefined;
}

export interface NodeResponse {
  readonly status: number;
  /** Lower-case names; several of a name are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read it to the end or `destroy` it. What breaks off while it is read throws what undici throws. */
  readonly body: Dispatcher.ResponseData["body"];
}

const TIMEOUT_MS = 15_000;

/**
 * One HTTP request to a node, by the endpoint in the registry. Redirects are answers like any other: they are not
 * followed.
 *
 * @throws {NodeError} `NODE_UNREACHABLE`, `NODE_TIMEOUT`.
 */
export async function requestNode(parameters: RequestNodeParameters): Promise<NodeResponse> {
  const { endpoint, path, host, method = "GET", headers = {}, body, signal, connections } = parameters;
  try {
    const answer = await request(`${endpoint}${path}`, {
      // Without pipelining no connection outlives its answer.
      dispatcher: connections ?? openConnections({ timeoutMs: parameters.timeoutMs, pipelining: 0 }),
      method,
      headers: host === undefined ? headers : { ...headers, host },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: answer.statusCode, headers: flat(answer.headers), body: answer.body };
  } catch (cause) {
    signal?.throwIfAborted();
    throw nodeUnreachable(endpoint, cause);
  }
}

/** Connections for many requests. End them with `destroy`. */
export function openConnections({
  timeoutMs = TIMEOUT_MS,
  pipelining = 1,
}: {
  readonly timeoutMs?: number | undefined;
  readonly pipelining?: number | undefined;
} = {}): Dispatcher {
  return new Agent({
    connectTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    pipelining,
  });
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === "string" ? value : value.join(", ")]],
    ),
  );
}
