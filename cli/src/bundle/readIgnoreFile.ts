import { join } from "node:path";
import ignore, { type Ignore } from "ignore";
import { BundleError } from "./BundleError.ts";
import { readRegularFile } from "./readRegularFile.ts";

export const IGNORE_FILE = ".assetsignore";

/** A rule becomes a regular expression, whose time grows by a power of this: of three, a name takes some milliseconds. */
const MAX_STARS = 3;
/** The same with folders: those before the last of a path that is matched. */
const MAX_GLOBSTARS = 2;
const MAX_LINE = 1_024;
/** Each is asked for each file. */
const MAX_LINES = 5_000;

/**
 * What a folder's `.assetsignore` says; nothing where there is none.
 *
 * @throws {BundleError} `ASSETSIGNORE_INVALID`, with the line; `NOT_A_FILE`, `FILE_TOO_LARGE`.
 */
export async function readIgnoreFile(directory: string): Promise<Ignore> {
  const path = join(directory, IGNORE_FILE);
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(path);
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return ignore.default();
    throw unreadable(path, cause);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const problem = tooMuch(text);
  if (problem === undefined) return ignore.default().add(text);
  throw new BundleError({
    code: "ASSETSIGNORE_INVALID",
    message: `The list of files that are not published cannot be honoured: ${problem}.`,
    value: path,
    next: "say it in more and simpler lines, or name the folder that holds the files",
  });
}

/** What of a list would take for ever to be matched: a line by its number. Undefined where nothing would. */
function tooMuch(text: string): string | undefined {
  const lines = text.split(/\r?\n/);
  if (lines.length > MAX_LINES) return `it has ${lines.length} lines, more than ${MAX_LINES}`;
  for (const [index, line] of lines.entries()) {
    const at = `line ${index + 1}`;
    if (line.length > MAX_LINE) return `${at} is longer than ${MAX_LINE} characters`;
    if (line.startsWith("#")) continue;
    const names = line.trimEnd().replace(/^!/, "").split("/");
    if (names.slice(0, -1).filter((name) => name === "**").length > MAX_GLOBSTARS)
      return `${at} has more than ${MAX_GLOBSTARS} times **/`;
    const stars = names.map((name) => (name === "**" ? 0 : name.split("*").length - 1));
    if (Math.max(...stars) > MAX_STARS) return `${at} has more than ${MAX_STARS} times * in a name`;
  }
  return undefined;
}

function unreadable(path: string, cause: unknown): BundleError {
  return new BundleError({
    code: "ASSETSIGNORE_INVALID",
    message: "The list of files that are not published cannot be read as UTF-8 text.",
    value: path,
    next: "correct the file, or remove it",
    cause,
  });
}
