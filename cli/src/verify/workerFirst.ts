/**
 * Whether the worker answers an address before the static files, by the manifest's `assets.runWorkerFirst`: `*` stands for
 * anything, a rule with `!` takes out again.
 *
 * Source: `generateStaticRoutingRuleMatcher` of Cloudflare's router worker.
 *
 * @param address Percent-encoded, beginning with `/`.
 */
export function workerFirst(rules: boolean | readonly string[] | undefined, address: string): boolean {
  if (rules === undefined || typeof rules === "boolean") return rules ?? false;
  const excepted = rules.filter((rule) => rule.startsWith("!")).map((rule) => rule.slice(1));
  if (excepted.some((rule) => matches(rule, address))) return false;
  return rules.some((rule) => !rule.startsWith("!") && matches(rule, address));
}

function matches(rule: string, address: string): boolean {
  return new RegExp(`^${rule.split("*").map(escapeRegExp).join(".*")}$`, "s").test(address);
}

/** A text as a regular expression of itself. */
export function escapeRegExp(text: string): string {
  return text.replace(/[-/\\^$*+?.()|[\]{}]/g, "\\$&");
}
