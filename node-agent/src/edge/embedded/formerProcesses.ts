import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { monotonicMs } from "../../process/monotonicMs.ts";
import {
  identifyProcess,
  isRunning,
  type ProcessIdentity,
  signalProcess,
} from "../../process/processIdentity.ts";

/** What an edge process takes at most to leave its counts behind, once its agent is gone. */
const LEAVE_TIMEOUT_MS = 10_000;
const POLL_MS = 20;

/** Notes the processes of an edge, so that the agent's next start knows whom to wait for. */
export interface ProcessRecord {
  /** Begins to write them down; a later call follows an earlier one. */
  write(pids: readonly number[]): void;
  /** Resolves when what was asked for is written, or could not be. */
  written(): Promise<void>;
}

export function createProcessRecord(parameters: {
  readonly directory: string;
  readonly logger: Pick<Logger, "error">;
}): ProcessRecord {
  const { directory, logger } = parameters;
  let last = Promise.resolve();
  return {
    write(pids) {
      const identities = pids.flatMap((pid) => identifyProcess(pid) ?? []);
      last = last
        .then(() => writeIdentities(directory, identities))
        .catch((error: unknown) => {
          logger.error({ err: error, directory }, "the edge's processes could not be written down");
        });
    },
    written: () => last,
  };
}

async function writeIdentities(directory: string, identities: readonly ProcessIdentity[]): Promise<void> {
  const path = join(directory, "processes.json");
  await mkdir(directory, { recursive: true });
  await writeFile(`${path}.new`, JSON.stringify(identities));
  await rename(`${path}.new`, path);
}

/**
 * Waits until the edge processes of an agent that was killed have left: they hold its port, and write what they counted
 * to the spool. One that does not leave is ended.
 */
export async function untilFormerLeft(directory: string): Promise<void> {
  const deadline = monotonicMs() + LEAVE_TIMEOUT_MS;
  for (const former of await read(join(directory, "processes.json"))) {
    while (isRunning(former)) {
      if (monotonicMs() > deadline) signalProcess(former, "SIGKILL");
      await wait(POLL_MS);
    }
  }
}

async function read(path: string): Promise<ProcessIdentity[]> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as ProcessIdentity[];
  } catch {
    return []; // never started here, or the file is not whole: then there is nobody to wait for
  }
}
