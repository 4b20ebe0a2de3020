import { stripVTControlCharacters } from "node:util";

/** What a person need not see of wrangler's output. */
const NOISE =
  /Logs were written to|please create an issue at|workers-sdk\/issues|^-+$|^─+$|⛅|^Getting User settings|exited with code/;

/**
 * What went wrong, from wrangler's output: without colours, hints at its log file and paths of temporary folders.
 *
 * @param hidden Folders that the text shall not name: paths below them become relative.
 */
export function wranglerProblem(output: string, hidden: readonly string[]): string {
  const plain = stripVTControlCharacters(output).replaceAll("\r", "");
  const from = plain.search(/✘ \[ERROR\]/);
  const lines = (from === -1 ? plain : plain.slice(from))
    .replaceAll("✘ [ERROR] ", "")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => !NOISE.test(line));
  let text = lines.join("\n");
  for (const path of hidden) text = text.replaceAll(`${path}/`, "").replaceAll(path, ".");
  return text.replace(/\n{2,}/g, "\n").trim();
}
