import type { Visitor } from "../../Visitor.ts";
import { connectionOptions, HOP_BY_HOP } from "./hopByHop.ts";
import { HOPS_HEADER } from "./visitorOf.ts";

/** What only the edge may say about a visitor; and `expect`, which the edge has answered itself. */
const REPLACED: ReadonlySet<string> = new Set([
  "cf-connecting-ip",
  "cf-connecting-ipv6",
  "expect",
  "forwarded",
  "true-client-ip",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-real-ip",
]);

export interface RequestHeadersOptions {
  /** Names and values in turn, as `IncomingMessage.rawHeaders`. */
  readonly raw: readonly string[];
  readonly visitor: Visitor;
  /** The agent itself reads `worker3-` headers of visitors; to others none of a visitor's goes on. */
  readonly keepWorker3: boolean;
  /** What another node is told, to which the request is forwarded. */
  readonly forwarded?: { readonly version: number } | undefined;
}

/** The headers that go on to the upstream, names and values in turn. `Host` is kept as it came. */
export function requestHeaders(options: RequestHeadersOptions): string[] {
  const { raw } = options;
  const listed = new Set<string>();
  const headers: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    const value = raw[index + 1] as string;
    if (name === "connection") for (const option of connectionOptions(value)) listed.add(option);
    if (HOP_BY_HOP.has(name) || REPLACED.has(name)) continue;
    if (name.startsWith("worker3-") && !options.keepWorker3) continue;
    headers.push(name, value);
  }
  // Without it the upstream could not tell whom the request is for.
  listed.delete("host");
  const kept = listed.size === 0 ? headers : withoutListed(headers, listed);
  const { address, isTls } = options.visitor;
  kept.push("cf-connecting-ip", address, "x-forwarded-for", address);
  kept.push("x-forwarded-proto", isTls ? "https" : "http");
  if (options.forwarded === undefined) return kept;
  // A split was decided here already, by the visitor's own address: the other node shall not choose again.
  kept.push("worker3-version", String(options.forwarded.version));
  kept.push(HOPS_HEADER, String(options.visitor.hops + 1));
  return kept;
}

function withoutListed(headers: readonly string[], listed: ReadonlySet<string>): string[] {
  return headers.filter((_, index) => !listed.has(headers[index - (index % 2)] as string));
}
