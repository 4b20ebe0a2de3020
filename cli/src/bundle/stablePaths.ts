import { join, relative, sep } from "node:path";
import { isRecord } from "./isRecord.ts";

export interface StablePathsOptions {
  /** esbuild's metafile, with the exact path of each source. */
  readonly sources: unknown;
  /** The folder that those paths are relative to. */
  readonly from: string;
  /** The project's. */
  readonly directory: string;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A bundle whose text does not depend on where the project and its packages lie. esbuild names each source by its path
 * relative to a folder: `// ../../node_modules/hono/dist/hono.js`, `"../../node_modules/cookie/index.js"(exports) {`. A
 * path into a `node_modules` is cut to begin there, wherever that is. Lines stay lines, so positions in stack traces stay
 * what they are.
 */
export function stablePaths(code: Uint8Array, { sources, from, directory }: StablePathsOptions): Uint8Array {
  const stable = new Map<string, string>();
  for (const path of isRecord(sources) && isRecord(sources.inputs) ? Object.keys(sources.inputs) : []) {
    const name = stableName(path, from, directory);
    if (name !== path) stable.set(path, name);
  }
  if (stable.size === 0) return code;
  const lines = decoder.decode(code).split("\n");
  return new TextEncoder().encode(lines.map((line) => stableLine(line, stable)).join("\n"));
}

/** Wrangler's own file of the routes of Pages Functions: a folder and a name of chance. */
const ROUTES = /^(?:.*\/)?functionsRoutes-[\d.]+\.mjs$/;

function stableName(path: string, from: string, directory: string): string {
  if (ROUTES.test(path)) return "functionsRoutes.mjs";
  const cut = path.lastIndexOf("node_modules/");
  if (cut >= 0) return path.slice(cut);
  if (!path.startsWith("../")) return path;
  const inProject = relative(directory, join(from, path)).split(sep).join("/");
  return inProject.startsWith("../") ? path : inProject;
}

function stableLine(line: string, stable: ReadonlyMap<string, string>): string {
  const [, indent = "", comment] = /^(\s*)\/\/ (.+)$/.exec(line) ?? [];
  if (comment !== undefined) {
    const path = stable.get(comment);
    return path === undefined ? line : `${indent}// ${path}`;
  }
  const [, space = "", key, rest = ""] = /^(\s*)"((?:[^"\\]|\\.)+)"(\(.*)$/.exec(line) ?? [];
  const path = key === undefined ? undefined : stable.get(unescaped(key));
  return path === undefined ? line : `${space}${JSON.stringify(path)}${rest}`;
}

/** What a string literal of esbuild says: it escapes whatever is not ASCII. */
function unescaped(literal: string): string {
  return literal.replace(
    /\\(?:x([\dA-F]{2})|u([\dA-F]{4})|u\{([\dA-F]+)\}|(.))/gi,
    (_, x, u, point, other) =>
      other === undefined ? String.fromCodePoint(Number.parseInt(x ?? u ?? point, 16)) : other,
  );
}
