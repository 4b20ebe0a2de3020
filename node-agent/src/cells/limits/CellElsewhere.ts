import type { ProcessIdentity } from "../../process/processIdentity.ts";
import type { CellLimits } from "./CellLimits.ts";

/** A cell as a thread may know it that shares no objects with the one which started it. Passes between them as it is. */
export interface CellElsewhere {
  readonly id: string;
  /** Of its `CellSpec`, what it is told by. */
  readonly spec: { readonly projectId: bigint; readonly version: number; readonly cid: string };
  readonly limits: CellLimits;
  readonly identity: ProcessIdentity;
  readonly socketPath: string;
  readonly controlPath: string;
  /** Of its `EndMark`. */
  readonly mark: SharedArrayBuffer;
}
