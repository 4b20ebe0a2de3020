import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { pollUntil } from "../../process/pollUntil.ts";
import { isRunning, signalProcess } from "../../process/processIdentity.ts";
import { CellError } from "../CellError.ts";
import { readRecord } from "./CellRecord.ts";
import { isCellId } from "./cellDirectories.ts";

const KILL_TIMEOUT_MS = 5_000;

/**
 * Ends cells that an earlier agent left in a directory, and removes what was theirs. Nothing else in the directory is
 * touched, and no process whose start time differs from its record's.
 *
 * @throws {CellError} `LEFTOVER_STUCK`: a process does not end.
 */
export async function clearLeftovers(directory: string, logger: Logger): Promise<void> {
  for (const name of (await readdir(directory)).filter(isCellId)) {
    const home = join(directory, name);
    const leftover = await readRecord(home);
    if (leftover !== undefined && signalProcess(leftover, "SIGKILL")) {
      logger.warn({ cell: name, pid: leftover.pid }, "killed a cell of an earlier agent");
      if (!(await pollUntil(() => !isRunning(leftover), { timeoutMs: KILL_TIMEOUT_MS }))) {
        throw new CellError({
          code: "LEFTOVER_STUCK",
          message: "a cell of an earlier agent does not end",
          value: String(leftover.pid),
          next: `end the process ${leftover.pid} by hand and start the node again`,
        });
      }
    }
    await rm(home, { recursive: true, force: true });
  }
}
