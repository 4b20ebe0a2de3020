import { PathError } from "./errors.ts";
import { nameProblem } from "./nameProblem.ts";

/** Segments of a path at most. */
export const MAX_PATH_SEGMENTS = 32;

/** Bytes of a path in UTF-8 at most: half of Linux's PATH_MAX, so that there is room for the folder it is put into. */
export const MAX_PATH_BYTES = 2048;

/**
 * Splits a relative path with `/` into its segments and checks each.
 *
 * @throws {PathError} `PATH_BAD`; `value` is the whole path.
 */
export function checkPath(path: string): string[] {
  if (path === "") throw badPath(path, "a path is empty");
  const segments = path.split("/");
  for (const segment of segments) {
    const problem = nameProblem(segment);
    if (problem !== undefined) throw badPath(path, `a name in the path ${problem}`);
  }
  if (segments.length > MAX_PATH_SEGMENTS) {
    throw badPath(path, `the path has more than ${MAX_PATH_SEGMENTS} segments`);
  }
  if (path.length * 3 > MAX_PATH_BYTES && new TextEncoder().encode(path).length > MAX_PATH_BYTES) {
    throw badPath(path, `the path is over ${MAX_PATH_BYTES} bytes of UTF-8`);
  }
  return segments;
}

/** The error of a path that is not carried. */
export function badPath(path: string, message: string): PathError {
  return new PathError({ code: "PATH_BAD", message, value: path, next: "rename the file and pack again" });
}
