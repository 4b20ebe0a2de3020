import { readFile } from "node:fs/promises";

/** The end of a log, for an error message. */
export async function tailOf(file: string, lines = 15): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}
