import { escapeRegExp } from "./workerFirst.ts";

/**
 * The rules of a `_redirects` file: whether one of them answers an address, before any file does. Lines are
 * `from to [status]`; `*` in `from` stands for anything, `:name` for one segment.
 *
 * Source: https://developers.cloudflare.com/workers/static-assets/redirects/
 */
export function redirectRules(text: string): (address: string) => boolean {
  const rules = text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([from = "", to]) => /^\//.test(from) && to !== undefined && isPattern(from))
    .map(([from = ""]) => ruleOf(from));
  return (address) => rules.some((rule) => rule.test(address) || rule.test(decode(address)));
}

/** A rule with a placeholder twice is none, as for Cloudflare; `*` is the placeholder `:splat`. */
function isPattern(from: string): boolean {
  const names = from.replaceAll("*", ":splat/").match(/:[A-Za-z]\w*/g) ?? [];
  return new Set(names).size === names.length;
}

function ruleOf(from: string): RegExp {
  const pattern = from
    .split("*")
    .map(escapeRegExp)
    .join(".*")
    .replace(/:[A-Za-z]\w*/g, "[^/]+");
  return new RegExp(`^${pattern}$`, "s");
}

function decode(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
