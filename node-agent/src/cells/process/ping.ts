import { request } from "node:http";
import { CellError } from "../CellError.ts";

/**
 * Asks a cell's control socket for a sign of life.
 *
 * @throws {CellError} `CELL_PING_FAILED`; or the signal's reason.
 */
export function ping(controlPath: string, { signal }: { signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) =>
      reject(
        signal.aborted
          ? signal.reason
          : new CellError({ code: "CELL_PING_FAILED", message: "the cell does not answer", cause }),
      );
    const asked = request({ socketPath: controlPath, method: "HEAD", path: "/", agent: false, signal });
    asked.once("error", failed);
    asked.once("response", (answer) => {
      answer.resume();
      if (answer.statusCode === 200) resolve();
      else failed(new Error(`it answered ${answer.statusCode}`));
    });
    asked.end();
  });
}
