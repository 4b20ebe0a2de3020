import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
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
export async function rememberProcesses(directory: string, pids: readonly number[]): Promise<void> {
  const identities = pids.flatMap((pid) => identifyProcess(pid) ?? []);
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
  const deadline = Date.now() + LEAVE_TIMEOUT_MS;
  for (const former of await read(join(directory, "processes.json"))) {
    while (isRunning(former)) {
      if (Date.now() > deadline) signalProcess(former, "SIGKILL");
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
