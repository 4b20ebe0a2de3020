import { type Manifest, usesOf } from "@worker3/sdk";
import { CellError } from "./CellError.ts";
import type { CellBinding } from "./config/CellBinding.ts";
import { compatibilityFlags } from "./config/compatibilityFlags.ts";

export interface Supporting {
  /** The newest compatibility date that workerd knows. */
  readonly compatibilityDate: string;
  readonly bindings: readonly Pick<CellBinding, "kinds">[];
}

/**
 * Checks that a node can run what a manifest asks for.
 *
 * @throws {CellError} `UNSUPPORTED_BINDING`, `UNSUPPORTED_COMPATIBILITY_FLAG`, `COMPATIBILITY_DATE_TOO_NEW`.
 */
export function checkSupported(manifest: Manifest, node: Supporting): void {
  const kinds = new Set<string>(node.bindings.flatMap((binding) => binding.kinds));
  const missing = usesOf(manifest).find(({ kind }) => !kinds.has(kind));
  if (missing !== undefined) {
    throw new CellError({
      code: "UNSUPPORTED_BINDING",
      message: `${missing.what} are not supported by this version yet`,
      value: missing.name,
      next: "take it out of the project and deploy again, or wait for a version that has it",
    });
  }

  const flag = manifest.compatibilityFlags?.find((name) => !compatibilityFlags.has(name));
  if (flag !== undefined) {
    throw new CellError({
      code: "UNSUPPORTED_COMPATIBILITY_FLAG",
      message:
        "a compatibility flag is experimental, reaches out of the sandbox, or is not known to this node",
      value: flag,
      next: "take it out of compatibility_flags and deploy again",
    });
  }

  const date = manifest.compatibilityDate;
  if (date !== undefined && date > node.compatibilityDate) {
    throw new CellError({
      code: "COMPATIBILITY_DATE_TOO_NEW",
      message: `the compatibility date is newer than this node's workerd, which knows ${node.compatibilityDate}`,
      value: date,
      next: `set compatibility_date to ${node.compatibilityDate} or earlier and deploy again`,
    });
  }
}
