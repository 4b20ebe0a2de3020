import { BundleError } from "./BundleError.ts";

/**
 * The value of a file of JSON; a byte order mark in front is passed over (RFC 8259, 8.1).
 *
 * @param path Of the file, for the error.
 * @throws {BundleError} `CONFIG_INVALID`, with line and column.
 */
export function parseJson(text: string, path: string): unknown {
  const plain = text.replace(/^\uFEFF/, "");
  try {
    const value: unknown = JSON.parse(plain);
    return value;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError({
      code: "CONFIG_INVALID",
      message: `The file is not JSON${placeIn(plain, problem)}: ${problem}`,
      value: path,
      next: "correct the file",
      cause,
    });
  }
}

/** V8 tells a position and sometimes the line; where it tells neither, the text ended too early. */
function placeIn(text: string, problem: string): string {
  if (/\(line \d+ column \d+\)/.test(problem)) return "";
  const [, position] = /at position (\d+)/.exec(problem) ?? [];
  const before = text.slice(0, position === undefined ? text.length : Number(position));
  const line = before.split("\n").length;
  return `, line ${line} column ${before.length - before.lastIndexOf("\n")}`;
}
