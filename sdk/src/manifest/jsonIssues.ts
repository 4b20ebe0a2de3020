import type { ManifestIssue } from "./errors.ts";
import { shownPath } from "./shownPath.ts";

/** Levels of objects and arrays at most. */
const MAX_DEPTH = 32;

/**
 * What in a value is not JSON that every reader takes alike: other types, numbers that are not finite, text that is
 * not well-formed, a key `__proto__` (a schema drops it in silence), more than 32 levels. Stops at the first.
 */
export function jsonIssues(value: unknown, path: readonly PropertyKey[] = []): ManifestIssue[] {
  const issue = (message: string): ManifestIssue[] => [{ path: shownPath(path), message }];
  if (value === null || typeof value === "boolean") return [];
  if (typeof value === "string") return value.isWellFormed() ? [] : issue("is not well-formed Unicode");
  if (typeof value === "number") return Number.isFinite(value) ? [] : issue("is not a finite number");
  if (typeof value !== "object") return issue(`is of type ${typeof value}, which JSON does not have`);
  if (path.length >= MAX_DEPTH) return issue(`is nested more than ${MAX_DEPTH} levels deep`);
  if (!Array.isArray(value) && !isPlain(value)) return issue("is not a plain object");
  for (const [key, child] of Object.entries(value)) {
    if (key === "__proto__") return issue("has a key __proto__");
    if (!key.isWellFormed()) return issue("has a key that is not well-formed Unicode");
    // An optional key may be there with undefined in a typed manifest; JSON leaves it out.
    if (child === undefined && !Array.isArray(value)) continue;
    const found = jsonIssues(child, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found.length > 0) return found;
  }
  return [];
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
