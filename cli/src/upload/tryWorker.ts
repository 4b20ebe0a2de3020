import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, WORKER_DIRECTORY } from "@worker3/sdk";
import { CliError } from "../errors.ts";

export interface TryWorkerParameters {
  /** The deployment folder. */
  readonly directory: string;
  readonly manifest: Manifest;
  readonly signal?: AbortSignal | undefined;
}

/** Loads what starts a worker, beside other work: `tryWorker` need not wait for it then. */
export function loadTrial(): Promise<typeof import("@worker3/node-agent/trial")> {
  return import("@worker3/node-agent/trial");
}

/**
 * Starts a deployment folder once here, as nodes start it, so that a worker that throws as it starts is found before it is
 * paid for. No request reaches it.
 *
 * @returns A line where this machine cannot tell.
 * @throws {CliError} `WORKER_FAILS_AT_START` with workerd's words, `MEMORY_LIMIT`; {CellError} `ASSET_RULES_TOO_LARGE`.
 */
export async function tryWorker({ directory, manifest, signal }: TryWorkerParameters): Promise<string[]> {
  const { tryStart } = await loadTrial();
  const trial = await tryStart({ folder: directory, manifest, signal });
  if (trial.outcome === "starts") return [];
  if (trial.outcome === "unknown") {
    return [`whether the project starts on nodes is not known here: ${trial.reason}`];
  }
  if (trial.outcome === "memory") {
    const { usedMiB, mayMiB } = trial;
    throw new CliError({
      code: "MEMORY_LIMIT",
      message: `The worker used ${usedMiB} MiB of memory as it started; it may use ${mayMiB} MiB, and nodes end it above one and a half times as much.`,
      value: `${usedMiB} MiB`,
      next: "have the worker keep less in variables of its modules; to deploy it all the same, for nodes that give more: --no-trial",
    });
  }
  const { problem, log } = startProblem(trial.log, await entryOf(directory, manifest));
  throw new CliError({
    code: "WORKER_FAILS_AT_START",
    message: `The worker does not start, and would not on any node: ${problem}`,
    value: log,
    next: "correct the worker; to deploy it all the same: --no-trial",
  });
}

/** What workerd calls the services of a cell is no word of the project's. */
const SERVICE = /^service [\w-]+: /;

/** The module that a worker begins with, as it is deployed. */
interface Entry {
  readonly name: string;
  readonly text: string;
}

async function entryOf(directory: string, { main }: Manifest): Promise<Entry | undefined> {
  if (main === undefined) return undefined;
  return { name: main, text: await readFile(join(directory, WORKER_DIRECTORY, main), "utf8") };
}

/** Of a line of code, so much is shown. */
const SHOWN = 120;

/**
 * What a worker's start failed by, from workerd's output: the error and the place where it was thrown, with the line that
 * stands there. Its number is that of the bundle: lines of the project's own files have others.
 *
 * @returns `log`: the whole output, where there is more in it.
 */
export function startProblem(output: string, entry?: Entry): { problem: string; log: string | undefined } {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const at = lines.findIndex((line) => SERVICE.test(line));
  const first = lines[Math.max(0, at)]?.replace(SERVICE, "") ?? "workerd ends without a word";
  const own = lines.slice(at + 1).find((line) => /^\s+at (?!node-internal:|cloudflare-internal:)/.test(line));
  const place = at < 0 || own === undefined ? "" : ` (${own.trim()} of the bundle${lineAt(own, entry)})`;
  return { problem: `${first}${place}`, log: lines.length > 1 ? lines.join("\n") : undefined };
}

function lineAt(place: string, entry: Entry | undefined): string {
  const [, name, line] = /^\s+at (.+?):(\d+):\d+/.exec(place) ?? [];
  if (entry === undefined || name !== entry.name) return "";
  const text = entry.text.split("\n")[Number(line) - 1]?.trim() ?? "";
  return text === "" ? "" : `: ${text.slice(0, SHOWN)}`;
}
