import { ASSET_MARK, PAGES_MARK } from "../../assetMarks.ts";

/** workerd takes so many rules of `_headers`, as Cloudflare does. */
const MOST_RULES = 100;

/**
 * The text of `_headers` with a rule before it that has each response with a file marked for the edge: see `assetResponse`.
 * A file that has as many rules as workerd takes stays as it is, or it would lose the last of them.
 *
 * @param headers What is in the folder; undefined for nothing.
 */
export function markedHeaders(headers: string | undefined, { pages }: { readonly pages: boolean }): string {
  const own = headers ?? "";
  // A rule begins with a path or an address at the begin of a line; its headers are indented.
  const rules = own.split("\n").filter((line) => /^(\/|https?:\/\/)/.test(line.trim())).length;
  if (rules >= MOST_RULES) return own;
  const marks = [`  ${ASSET_MARK}: :splat`, ...(pages ? [`  ${PAGES_MARK}: 1`] : [])];
  return ["/*", ...marks, own].join("\n");
}
