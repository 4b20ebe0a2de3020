import { type Dispatcher, errors, request } from "undici";
import { SourceError } from "./SourceError.ts";

/** Where a CAR may be had. What it sends is not trusted. */
export interface ContentSource {
  /** For logs and errors. */
  readonly name: string;
  /**
   * The pieces of a CAR of the whole DAG.
   *
   * @throws {SourceError}; the signal's reason.
   */
  read(cid: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface GatewaySourceOptions {
  /** `http(s)://host[:port]`, and a path where the gateway has one. */
  readonly base: string;
  readonly dispatcher: Dispatcher;
  /** What is sent besides, for a path of it; absent: nothing. */
  readonly headersFor?: ((path: string) => Promise<Record<string, string>>) | undefined;
  /** No byte for so long ends it. */
  readonly idleTimeoutMs: number;
}

/** What is asked for, as IPIP-412 has it: depth first, each block once, which is what `verifyCar` takes. */
const ACCEPT = "application/vnd.ipld.car; version=1; order=dfs; dups=n";

/**
 * A trustless gateway: another node, an IPFS daemon's own, a public one. Redirects are not followed.
 *
 * Source: https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export function gatewaySource(options: GatewaySourceOptions): ContentSource {
  const { base, dispatcher, idleTimeoutMs, headersFor } = options;
  return {
    name: base,
    async *read(cid, signal) {
      try {
        const path = `/ipfs/${cid}`;
        const own = await headersFor?.(path);
        const { statusCode, headers, body } = await request(`${base.replace(/\/+$/, "")}${path}?format=car`, {
          dispatcher,
          signal,
          headersTimeout: idleTimeoutMs,
          bodyTimeout: idleTimeoutMs,
          headers: { ...own, accept: ACCEPT, "accept-encoding": "identity", "user-agent": "worker3-node" },
        });
        try {
          checkAnswer(base, statusCode, headers["content-type"]);
          for await (const piece of body) yield piece as Uint8Array;
        } finally {
          // Destroyed before its end, undici's body tells so by an error that nobody waits for.
          body.on("error", () => undefined).destroy();
        }
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw sourceError(base, error);
      }
    },
  };
}

function checkAnswer(base: string, status: number, type: string | string[] | undefined): void {
  const refuse = (message: string): never => {
    throw new SourceError({ code: "SOURCE_REFUSED", message, value: base });
  };
  if (status >= 300 && status < 400) refuse(`it answers with a redirect (${status}), which is not followed`);
  if (status !== 200) refuse(`it answers with status ${status}`);
  const mediaType = String(type).split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/vnd.ipld.car")
    refuse(`it answers with ${type ?? "no content type"}, not with a CAR`);
}

function sourceError(base: string, cause: unknown): SourceError {
  if (cause instanceof SourceError) return cause;
  const isTimeout =
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.BodyTimeoutError ||
    cause instanceof errors.ConnectTimeoutError;
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new SourceError({
    code: isTimeout ? "SOURCE_TIMEOUT" : "SOURCE_UNREACHABLE",
    message: isTimeout ? "nothing came for too long" : `the connection failed: ${why}`,
    value: base,
    cause,
  });
}
