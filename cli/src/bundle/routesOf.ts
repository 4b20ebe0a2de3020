import { readFile } from "node:fs/promises";
import { BundleError } from "./BundleError.ts";
import { isRecord } from "./isRecord.ts";
import { parseJson } from "./parseJson.ts";

/**
 * Which requests go to the worker before the files, as a Pages project says in `_routes.json`; all where there is no
 * such file.
 *
 * Source: https://developers.cloudflare.com/pages/functions/routing/#create-a-_routesjson-file
 *
 * @returns The manifest's `runWorkerFirst`.
 * @throws {BundleError} `ROUTES_INVALID`, `CONFIG_INVALID` for what is no JSON.
 */
export async function routesOf(path: string): Promise<true | string[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return true;
    throw routesError(path, cause);
  }
  const value = parseJson(text, path);
  const { include, exclude = [] } = isRecord(value) ? value : {};
  if (!isList(include) || !isList(exclude)) throw routesError(path);
  return [...include, ...exclude.map((rule) => `!${rule}`)];
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((rule) => typeof rule === "string" && rule.startsWith("/"));
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
