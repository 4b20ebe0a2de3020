import type { Capabilities } from "@worker3/sdk";
import type { CellBinding } from "./config/CellBinding.ts";
import { compatibilityFlags } from "./config/compatibilityFlags.ts";
import type { WorkerdBinary } from "./workerdBinary.ts";

export interface CapabilitiesParts {
  readonly binary: Pick<WorkerdBinary, "compatibilityDate">;
  /** The kinds of bindings that cells have. */
  readonly bindings: readonly Pick<CellBinding, "kinds">[];
  /** How many bytes a worker's modules may have together; absent: any. */
  readonly scriptBytes?: number | undefined;
}

/** What cells can run: what the node tells, and what it checks a version against. */
export function capabilitiesOf({ binary, bindings, scriptBytes }: CapabilitiesParts): Capabilities {
  return {
    compatibilityDate: binary.compatibilityDate,
    bindings: bindings.flatMap(({ kinds }) => kinds),
    compatibilityFlags: [...compatibilityFlags],
    scriptBytes,
  };
}
