import type { Manifest } from "@worker3/sdk";
import { CellError } from "./CellError.ts";
import { compatibilityFlags } from "./config/compatibilityFlags.ts";

/**
 * Checks that this version can run what a manifest asks for.
 *
 * @param binary - the newest compatibility date that workerd knows.
 * @throws {CellError} `UNSUPPORTED_BINDING`, `UNSUPPORTED_COMPATIBILITY_FLAG`, `COMPATIBILITY_DATE_TOO_NEW`.
 */
export function checkSupported(manifest: Manifest, binary: { readonly compatibilityDate: string }): void {
  for (const binding of manifest.bindings ?? []) {
    const name = binding.type === "queue_consumer" ? binding.queue : binding.name;
    throw unsupported(`${binding.type} bindings are`, name);
  }
  if ((manifest.crons?.length ?? 0) > 0) throw unsupported("crons are", "crons");
  if ((manifest.migrations?.length ?? 0) > 0) throw unsupported("migrations are", "migrations");

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
  if (date !== undefined && date > binary.compatibilityDate) {
    throw new CellError({
      code: "COMPATIBILITY_DATE_TOO_NEW",
      message: `the compatibility date is newer than this node's workerd, which knows ${binary.compatibilityDate}`,
      value: date,
      next: `set compatibility_date to ${binary.compatibilityDate} or earlier and deploy again`,
    });
  }
}

function unsupported(what: string, name: string): CellError {
  return new CellError({
    code: "UNSUPPORTED_BINDING",
    message: `${what} not supported by this version yet`,
    value: name,
    next: "take it out of the project and deploy again, or wait for a version that has it",
  });
}
