import type { Manifest } from "@worker3/sdk";
import { cellBindings } from "./bindings/index.ts";
import * as cells from "./cells/checkSupported.ts";

export { CellError } from "./cells/CellError.ts";
export { checkScriptSize } from "./cells/limits/checkScriptSize.ts";
export { workerdBinary } from "./cells/workerdBinary.ts";

/**
 * Checks that cells of this version can run what a manifest asks for. The command asks before anything is paid.
 *
 * @param binary - the newest compatibility date that workerd knows.
 * @throws {CellError} `UNSUPPORTED_BINDING`, `UNSUPPORTED_COMPATIBILITY_FLAG`, `COMPATIBILITY_DATE_TOO_NEW`.
 */
export function checkSupported(manifest: Manifest, binary: { readonly compatibilityDate: string }): void {
  cells.checkSupported(manifest, { ...binary, bindings: cellBindings });
}
