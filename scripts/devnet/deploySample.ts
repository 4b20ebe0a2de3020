import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Hex } from "viem";
import { z } from "zod";
import type { Processes } from "./createProcesses.ts";
import { DevnetError } from "./DevnetError.ts";
import type { Command } from "./startAgent.ts";

/** As many seats as a project has. */
const MAX_REPLICAS = 8;
const DEPOSIT = "10";
const TIMEOUT_MS = 60_000;
/** In which the command ends the programs that it runs. */
const STOP_TIMEOUT_MS = 5_000;

export interface DeploySampleParameters {
  readonly processes: Processes;
  /** The `worker3` command. */
  readonly command: Command;
  /** The project's folder. */
  readonly project: string;
  readonly domain: string;
  readonly networkFile: string;
  readonly key: Hex;
  readonly nodeIds: readonly number[];
  readonly stateDirectory: string;
}

/** What `worker3 deploy` said. */
export interface Sample {
  readonly projectId: string;
  readonly version: number;
  readonly cid: string;
  readonly domain: string;
}

const deployedSchema = z.object({
  projectId: z.string(),
  version: z.int(),
  cid: z.string(),
  domain: z.string(),
});
const failedSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    value: z.string().optional(),
    next: z.string().optional(),
  }),
});

/**
 * Deploys the sample project as anybody would, and waits until it is live.
 *
 * @throws {DevnetError} What the command says, or `SAMPLE_FAILED`.
 */
export async function deploySample(parameters: DeploySampleParameters): Promise<Sample> {
  const { processes, command, project, domain, networkFile, key, nodeIds, stateDirectory } = parameters;
  const logFile = join(stateDirectory, "sample.log");
  const log = openSync(logFile, "a");
  const seats = nodeIds.slice(0, MAX_REPLICAS).join(",");
  const own = processes.start({
    name: "worker3 deploy",
    file: command.file,
    args: [
      ...[...command.args, "deploy", project, "--domain", domain, "--deposit", DEPOSIT],
      // Agents may load longer than the command.
      ...["--upload-timeout", String(TIMEOUT_MS / 1_000)],
      ...["--nodes", seats, "--network", networkFile, "--yes", "--json"],
    ],
    // The key stays out of what `ps` shows.
    env: { ...process.env, WORKER3_PRIVATE_KEY: key },
    output: ["pipe", log],
    graceMs: STOP_TIMEOUT_MS,
  });
  closeSync(log);
  const timer = setTimeout(() => own.stop(), TIMEOUT_MS);
  const output = await text(own.child.stdout ?? Readable.from([]));
  const how = await own.ended;
  clearTimeout(timer);

  const document = parse(output);
  const deployed = deployedSchema.safeParse(document);
  if (how === "exit code 0" && deployed.success) return deployed.data;
  const failed = failedSchema.safeParse(document).data;
  throw new DevnetError({
    code: failed?.error.code ?? "SAMPLE_FAILED",
    message: `worker3 deploy failed: ${failed?.error.message ?? how}`,
    value: failed?.error.value ?? project,
    next: failed?.error.next ?? `look into ${logFile}`,
  });
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}
