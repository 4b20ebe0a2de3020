import { BundleError } from "./BundleError.ts";
import { isRecord } from "./isRecord.ts";
import { parseJson } from "./parseJson.ts";
import { readRegularFile } from "./readRegularFile.ts";

/**
 * Which requests go to the worker before the files, as a Pages project says in `_routes.json`; all where there is no
 * such file.
 *
 * Source: https://developers.cloudflare.com/pages/functions/routing/#create-a-_routesjson-file, and `isRoutingRuleMatch` of
 * `wrangler pages dev`.
 *
 * @returns The manifest's `runWorkerFirst`.
 * @throws {BundleError} `ROUTES_INVALID`, `CONFIG_INVALID` for what is no JSON, `NOT_A_FILE`, `FILE_TOO_LARGE`.
 */
export async function routesOf(path: string): Promise<true | string[]> {
  let text: string;
  try {
    text = (await readRegularFile(path)).toString("utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return true;
    throw cause instanceof BundleError ? cause : routesError(path, cause);
  }
  const value = parseJson(text, path);
  const { include, exclude = [] } = isRecord(value) ? value : {};
  if (!isList(include) || !isList(exclude)) throw routesError(path);
  const rules = [
    ...withoutRedundant(include.flatMap(asWorkerFirst)),
    ...withoutRedundant(exclude.flatMap(asWorkerFirst)).map((rule) => `!${rule}`),
  ];
  if (rules.length > MAX_RULES) throw tooManyRules(rules.length);
  return rules;
}

/** Source: `MAX_ROUTES_RULES` of Cloudflare's `workers-shared`. */
const MAX_RULES = 100;

/** A rule of Pages does not care for a slash at the end, and `/foo/*` takes `/foo` too; a rule of `run_worker_first` does. */
function asWorkerFirst(written: string): string[] {
  const rule = written.replace(/\*+/g, "*");
  if (rule === "/" || rule === "/*") return [rule];
  if (rule.endsWith("/*")) return [rule.slice(0, -2), rule];
  if (rule.endsWith("*")) return [rule];
  const bare = rule.replace(/\/$/, "");
  return [bare, `${bare}/`];
}

/** Without what stands there twice or what another rule takes anyway: the runtime refuses such rules, Pages does not. */
function withoutRedundant(rules: readonly string[]): string[] {
  const unique = [...new Set(rules)];
  return unique.filter(
    (rule) =>
      !unique.some((other) => other !== rule && other.endsWith("*") && rule.startsWith(other.slice(0, -1))),
  );
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((rule) => typeof rule === "string" && rule.startsWith("/"));
}

function tooManyRules(count: number): BundleError {
  return new BundleError({
    code: "ROUTES_INVALID",
    message: `The _routes.json has ${count} rules, those with and without a slash at the end counted apart; nodes take ${MAX_RULES}.`,
    value: String(count),
    next: "put paths together by a * at the end: /api/*",
  });
}

function routesError(path: string, cause?: unknown): BundleError {
  return new BundleError({
    code: "ROUTES_INVALID",
    message:
      "The file does not say which paths go to the worker: it needs include and exclude, lists of paths.",
    value: path,
    next: 'write {"version":1,"include":["/*"],"exclude":[]}, or remove the file',
    cause,
  });
}
