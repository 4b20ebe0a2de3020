import type { IncomingMessage } from "node:http";
import { type ParsedHost, parseHost } from "../../common/parseHost.ts";
import type { Refusal } from "../../Refusal.ts";

/** Whom a request is for, and the path that goes on to the upstream. */
export interface RequestTarget {
  readonly host: ParsedHost;
  readonly path: string;
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)([^#]*)$/i;

/** Reads host and path of a request head; what is ambiguous is refused. */
export function readTarget(request: IncomingMessage): RequestTarget | Refusal {
  const { rawHeaders: raw } = request;
  const hosts = raw.filter((name, index) => index % 2 === 0 && name.length === 4 && /^host$/i.test(name));
  const value = request.headers.host;
  const host = hosts.length === 1 && value !== undefined ? parseHost(value) : undefined;
  if (host === undefined || value === undefined) {
    return { status: 400, code: "INVALID_HOST", message: "the request has no valid Host header" };
  }
  const url = request.url ?? "";
  if (url.startsWith("/")) return { host, path: plainPath(url) };
  const [, authority, path] = ABSOLUTE.exec(url) ?? [];
  if (authority === undefined || authority.toLowerCase() !== value.toLowerCase()) {
    return { status: 400, code: "INVALID_TARGET", message: "the request's target is not a path on its Host" };
  }
  return { host, path: plainPath(path?.startsWith("/") ? path : `/${path ?? ""}`) };
}

/** In a path: a segment of one or two dots, however they are written, or a backslash, which URLs take for a slash. */
const LEADS_ELSEWHERE = /(?:^|[/\\])(?:\.|%2e){1,2}(?=[/\\]|$)|\\/i;

/**
 * The path that a URL of this target has (WHATWG URL, "path state"), as Cloudflare hands it on: a worker that guards some paths by
 * cutting the string would else see another one than what serves files.
 */
function plainPath(target: string): string {
  const at = target.indexOf("?");
  const path = at === -1 ? target : target.slice(0, at);
  if (!LEADS_ELSEWHERE.test(path)) return target;
  const query = at === -1 ? "" : target.slice(at);
  return `${new URL(`http://host${path}`).pathname}${query}`;
}
