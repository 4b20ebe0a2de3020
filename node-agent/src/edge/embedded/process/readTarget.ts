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
  if (url.startsWith("/")) return { host, path: url };
  const [, authority, path] = ABSOLUTE.exec(url) ?? [];
  if (authority === undefined || authority.toLowerCase() !== value.toLowerCase()) {
    return { status: 400, code: "INVALID_TARGET", message: "the request's target is not a path on its Host" };
  }
  return { host, path: path?.startsWith("/") ? path : `/${path ?? ""}` };
}
