import { Worker3Error } from "../errors/Worker3Error.ts";
import type { Manifest } from "./schema.ts";
import { usesOf } from "./uses.ts";

/** What a node can run, as its document says. */
export interface Capabilities {
  /** The newest compatibility date that its workerd knows: `2026-11-17`. */
  readonly compatibilityDate: string;
  /** The kinds of bindings that its cells have, of `bindingKinds`. */
  readonly bindings: readonly string[];
  /** The compatibility flags that it takes; absent: it does not say. */
  readonly compatibilityFlags?: readonly string[] | undefined;
  /** How many bytes a worker's modules may have together; absent: it does not say. */
  readonly scriptBytes?: number | undefined;
}

/**
 * A node cannot run what a project asks for: `UNSUPPORTED_BINDING` (`value` is the binding or the manifest's key),
 * `UNSUPPORTED_COMPATIBILITY_FLAG`, `COMPATIBILITY_DATE_TOO_NEW`, `SCRIPT_TOO_LARGE` (`value` is the size in bytes).
 */
export class SupportError extends Worker3Error {}

export interface SupportQuestion {
  readonly manifest: Manifest;
  /** Of the worker's modules together; absent: their size is not checked. */
  readonly scriptBytes?: number | undefined;
}

/**
 * Checks that a node can run a project.
 *
 * @throws {SupportError}
 */
export function checkSupported({ manifest, scriptBytes = 0 }: SupportQuestion, node: Capabilities): void {
  const missing = usesOf(manifest).find(({ kind }) => !node.bindings.includes(kind));
  if (missing !== undefined) {
    throw new SupportError({
      code: "UNSUPPORTED_BINDING",
      message: `${missing.what} are not supported by the node`,
      value: missing.name,
      next: "take it out of the project and deploy again, or choose nodes that have it",
    });
  }
  const { compatibilityFlags } = node;
  const flag = manifest.compatibilityFlags?.find((name) => compatibilityFlags?.includes(name) === false);
  if (flag !== undefined) {
    throw new SupportError({
      code: "UNSUPPORTED_COMPATIBILITY_FLAG",
      message:
        "a compatibility flag is experimental, reaches out of the sandbox, or is not known to the node",
      value: flag,
      next: "take it out of compatibility_flags and deploy again",
    });
  }
  const date = manifest.compatibilityDate;
  if (date !== undefined && date > node.compatibilityDate) {
    throw new SupportError({
      code: "COMPATIBILITY_DATE_TOO_NEW",
      message: `the compatibility date is newer than the node's workerd, which knows ${node.compatibilityDate}`,
      value: date,
      next: `set compatibility_date to ${node.compatibilityDate} or earlier and deploy again`,
    });
  }
  if (node.scriptBytes !== undefined && scriptBytes > node.scriptBytes) {
    throw new SupportError({
      code: "SCRIPT_TOO_LARGE",
      message: `the worker's modules have ${scriptBytes} bytes; the node runs ${node.scriptBytes} at most`,
      value: String(scriptBytes),
      next: "leave out what the worker does not need, or serve it as a static file, and deploy again",
    });
  }
}
