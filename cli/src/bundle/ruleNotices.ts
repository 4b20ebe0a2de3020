import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import type { Manifest } from "@worker3/sdk";
import { bundledWorkerd } from "./bundledWorkerd.ts";
import type { AssetFile } from "./listAssets.ts";
import { readStart } from "./readRegularFile.ts";

export interface RuleNoticesParameters {
  readonly assets: readonly AssetFile[];
  readonly how: NonNullable<Manifest["assets"]>;
  /** A folder of its own for what is made on the way. */
  readonly temporary: string;
  readonly signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 10_000;
/** Lines that are told; more are counted. */
const SHOWN = 20;
/** Nodes read no more than this of a file. */
const MAX_BYTES = 4 * 1024 * 1024;

const run = promisify(execFile);

/**
 * What of `_headers` and `_redirects` has no effect, a line for each, in the words of the service that reads these files on
 * nodes: workerd is started with them and without a socket, tells what it leaves out, and ends.
 */
export async function ruleNotices(parameters: RuleNoticesParameters): Promise<string[]> {
  const { assets, how, temporary, signal } = parameters;
  const read = async (name: string): Promise<string | undefined> => {
    const file = assets.find(({ path }) => path === name);
    return file && new TextDecoder().decode(await readStart(file.onDisk, MAX_BYTES));
  };
  const [headers, redirects] = [await read("_headers"), await read("_redirects")];
  if (headers === undefined && redirects === undefined) return [];
  const place = join(temporary, "rules");
  await mkdir(place, { recursive: true });
  const config = JSON.stringify({ html_handling: how.htmlHandling, headers, redirects });
  const { path, compatibilityDate } = bundledWorkerd();
  // Text of JSON is text of Cap'n Proto too, as long as no control character is in it, and a text of JSON has none.
  const text = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "assets", assets = (
  path = ${JSON.stringify(place)}, config = ${JSON.stringify(config)}, compatibilityDate = "${compatibilityDate}"))]);\n`;
  const file = join(temporary, "rules.capnp");
  await writeFile(file, text);
  const { stderr } = await run(path, ["serve", "--experimental", file], {
    timeout: TIMEOUT_MS,
    maxBuffer: 4 * MAX_BYTES,
    ...(signal && { signal }),
  });
  const notices = toldOf(stderr);
  const hidden = notices.length - SHOWN;
  return hidden > 0 ? [...notices.slice(0, SHOWN), `and ${hidden} more lines like these`] : notices;
}

/** `  Expected ... tokens. Got 1.` and, below it, `    at _redirects:1 | /a`, for each line that is left out. */
function toldOf(stderr: string): string[] {
  const notices: string[] = [];
  let kind = "";
  for (const line of stripVTControlCharacters(stderr).split("\n")) {
    const [, which] = /^service assets: Found \d+ invalid (header|redirect) rule/.exec(line) ?? [];
    const [, skipped] = /^service assets: Skipping the (_\w+ rule .*)$/.exec(line) ?? [];
    const [, place = "", written] = /^ {4}at (_\w+(?::\d+)?) \| (.*)$/.exec(line) ?? [];
    const [, message] = /^ {2}(\S.*)$/.exec(line) ?? [];
    if (which !== undefined) kind = which === "header" ? "_headers" : "_redirects";
    else if (skipped !== undefined) notices.push(`has no effect: ${skipped}`);
    else if (written !== undefined) {
      const last = notices.pop() ?? "";
      notices.push(`${last.replace(/^_\w+/, place)} (${written})`);
    } else if (message !== undefined && kind !== "")
      notices.push(`${kind} has a line without effect: ${message}`);
  }
  return notices;
}
