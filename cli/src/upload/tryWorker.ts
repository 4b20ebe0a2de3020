import type { Manifest } from "@worker3/sdk";
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
 * @throws {CliError} `WORKER_FAILS_AT_START` with workerd's words; {CellError} `ASSET_RULES_TOO_LARGE`.
 */
export async function tryWorker({ directory, manifest, signal }: TryWorkerParameters): Promise<string[]> {
  const { tryStart } = await loadTrial();
  const trial = await tryStart({ folder: directory, manifest, signal });
  if (trial.outcome === "starts") return [];
  if (trial.outcome === "unknown") {
    return [`whether the project starts on nodes is not known here: ${trial.reason}`];
  }
  const { problem, log } = startProblem(trial.log);
  throw new CliError({
    code: "WORKER_FAILS_AT_START",
    message: `The worker does not start, and would not on any node: ${problem}`,
    value: log,
    next: "correct the worker; to deploy it all the same: --no-trial",
  });
}

/** What workerd calls the services of a cell is no word of the project's. */
const SERVICE = /^service [\w-]+: /;

/**
 * What a worker's start failed by, from workerd's output: the error and the place where it was thrown.
 *
 * @returns `log`: the whole output, where there is more in it.
 */
export function startProblem(output: string): { problem: string; log: string | undefined } {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const at = lines.findIndex((line) => SERVICE.test(line));
  const first = lines[Math.max(0, at)]?.replace(SERVICE, "") ?? "workerd ends without a word";
  const own = lines.slice(at + 1).find((line) => /^\s+at (?!node-internal:|cloudflare-internal:)/.test(line));
  const place = at < 0 || own === undefined ? "" : ` (${own.trim()})`;
  return { problem: `${first}${place}`, log: lines.length > 1 ? lines.join("\n") : undefined };
}
