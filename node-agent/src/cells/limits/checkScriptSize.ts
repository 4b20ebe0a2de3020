import { CellError } from "../CellError.ts";

/** What a node takes unless its operator says otherwise, in bytes. */
export const DEFAULT_SCRIPT_BYTES = 10_485_760;

/**
 * Makes sure that the modules of a worker are not larger together than a node runs: each cell holds them in memory, and
 * compiles them at its start.
 *
 * @throws {CellError} `SCRIPT_TOO_LARGE`; `value` is the size in bytes.
 */
export function checkScriptSize(bytes: number, limitBytes: number = DEFAULT_SCRIPT_BYTES): void {
  if (bytes <= limitBytes) return;
  throw new CellError({
    code: "SCRIPT_TOO_LARGE",
    message: `the worker's modules have ${bytes} bytes; a node runs ${limitBytes} at most`,
    value: String(bytes),
    next: "leave out what the worker does not need, or serve it as a static file, and deploy again",
  });
}
