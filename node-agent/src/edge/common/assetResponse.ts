import mime from "mime";
import { ASSET_MARK, PAGES_MARK } from "../../assetMarks.ts";

/** What Pages adds to each file. Source: https://developers.cloudflare.com/pages/configuration/serving-pages/ */
const PAGES_HEADERS = [
  ["access-control-allow-origin", "*"],
  ["referrer-policy", "strict-origin-when-cross-origin"],
] as const;
/** And to what has a type. Source: `attachHeaders` of Cloudflare's `pages-shared`. */
const PAGES_TYPED = ["x-content-type-options", "nosniff"] as const;
/** The type that Pages gives to a file whose name says nothing, so that no browser guesses. */
const PAGES_UNKNOWN = "application/octet-stream";

export interface AssetResponse {
  readonly status: number;
  /** To be added, names and values in turn. */
  readonly added: readonly string[];
}

/**
 * What is missing in a response with a static file, as Cloudflare serves it: the type of a file that workerd's short list does
 * not know, and where the project is one of Pages, what Pages says. What stands in the response already stays.
 *
 * @param response.header The value of a header by its lower-case name; undefined where there is none.
 */
export function assetResponse({
  status,
  header,
}: {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
}): AssetResponse {
  const path = header(ASSET_MARK);
  if (path === undefined) return { status, added: [] };
  const added: string[] = [];
  const isPages = header(PAGES_MARK) !== undefined;
  const isUntyped = status < 300 && header("content-type") === undefined;
  const type = isUntyped ? (contentTypeOf(path) ?? (isPages ? PAGES_UNKNOWN : undefined)) : undefined;
  if (type !== undefined) added.push("content-type", type);
  if (!isPages) return { status, added };
  const isTyped = type !== undefined || header("content-type") !== undefined;
  for (const [name, value] of isTyped ? [...PAGES_HEADERS, PAGES_TYPED] : PAGES_HEADERS)
    if (header(name) === undefined) added.push(name, value);
  // Pages redirects to the path without `.html` for good.
  return { status: status === 307 ? 308 : status, added };
}

/** Texts are in UTF-8, as `wrangler dev` says. Undefined for a name that says nothing. */
function contentTypeOf(path: string): string | undefined {
  // A bare word would be taken for an extension: a file that is called `bin` has none.
  const type = mime.getType(`/${path}`);
  if (type === null) return undefined;
  return type.startsWith("text/") && !type.includes("charset") ? `${type}; charset=utf-8` : type;
}
