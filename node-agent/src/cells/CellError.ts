import { Worker3Error, type Worker3ErrorOptions } from "@worker3/sdk";

export type CellErrorCode =
  /** `_headers`, `_redirects` or `.assetsignore` is larger than a node reads; `value` is the path. */
  | "ASSET_RULES_TOO_LARGE"
  /** The process ended before it answered; `value` is the end of its output. */
  | "CELL_START_FAILED"
  /** The process did not answer in time; `value` is the end of its output. */
  | "CELL_START_TIMEOUT"
  /** The control socket answered wrongly, or the cell is gone. */
  | "CELL_PING_FAILED"
  /** The memory for cells is used up; `value` is how many bytes there are. */
  | "NODE_FULL"
  /** The runner was closed. */
  | "CELLS_CLOSED"
  /** Sockets would not fit below the directory; `value` is its path. */
  | "CELL_DIRECTORY_TOO_LONG"
  /** The sandbox that was asked for does not run here; `value` is its name. */
  | "SANDBOX_UNAVAILABLE"
  /** The node would serve strangers without a sandbox or a network of the cells' own; `value` is what is missing. */
  | "BELOW_MINIMUM"
  /** A process of an earlier agent does not go away; `value` is its pid. */
  | "LEFTOVER_STUCK";

/** A deployment cannot run on this node, or its process did not do what it should. */
export class CellError extends Worker3Error {
  declare readonly code: CellErrorCode;

  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: CellErrorCode }) {
    super(options);
  }
}
