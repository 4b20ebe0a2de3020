import type { Visitor } from "../../Visitor.ts";
import { nextCdnLoop } from "./cdnLoop.ts";
import { connectionOptions, HOP_BY_HOP } from "./hopByHop.ts";
import { HOPS_HEADER } from "./visitorOf.ts";

/** What only the edge may say about a visitor; and `expect`, which the edge has answered itself. */
const REPLACED: ReadonlySet<string> = new Set([
  "expect",
  "fastly-client-ip",
  "forwarded",
  "true-client-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-real-ip",
]);
/** As above, by how the names start. Workers believe everything in `cf-`: on Cloudflare no visitor can set it. */
const REPLACED_PREFIXES = ["cf-", "x-forwarded-"] as const;

export interface RequestHeadersOptions {
  /** Names and values in turn, as `IncomingMessage.rawHeaders`. */
  readonly raw: readonly string[];
  readonly visitor: Visitor;
  /** This one, which the next in a circle shall know again. */
  readonly nodeId: number;
  /** Of `framingMark`. */
  readonly framing: readonly string[];
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
  const cookies: string[] = [];
  const loops: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    const value = raw[index + 1] as string;
    if (name === "connection") for (const option of connectionOptions(value)) listed.add(option);
    if (HOP_BY_HOP.has(name) || REPLACED.has(name)) continue;
    if (REPLACED_PREFIXES.some((prefix) => name.startsWith(prefix))) continue;
    if (name.startsWith("worker3-") && !options.keepWorker3) continue;
    if (name === "cookie") cookies.push(value);
    else if (name === "cdn-loop") loops.push(value);
    else headers.push(name, value);
  }
  // HTTP/2 splits them, and a list with commas is no cookie (RFC 6265, 5.4; RFC 9113, 8.2.3).
  if (cookies.length > 0) headers.push("cookie", cookies.join("; "));
  // Without it the upstream could not tell whom the request is for.
  listed.delete("host");
  const kept = listed.size === 0 ? headers : withoutListed(headers, listed);
  const { address, isTls } = options.visitor;
  kept.push("cf-connecting-ip", address, "x-forwarded-for", address);
  kept.push("x-forwarded-proto", isTls ? "https" : "http");
  // Added behind what `Connection` takes out: nobody may unlist it (RFC 8586, 2).
  kept.push("cdn-loop", nextCdnLoop(loops.join(", "), options.nodeId));
  if (options.forwarded !== undefined) {
    // A split was decided here already, by the visitor's own address: the other node shall not choose again.
    kept.push("worker3-version", String(options.forwarded.version));
    kept.push(HOPS_HEADER, String(options.visitor.hops + 1));
  }
  kept.push(...options.framing);
  return kept;
}

function withoutListed(headers: readonly string[], listed: ReadonlySet<string>): string[] {
  return headers.filter((_, index) => !listed.has(headers[index - (index % 2)] as string));
}
