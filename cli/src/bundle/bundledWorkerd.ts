import { createRequire } from "node:module";
import { isRecord } from "./isRecord.ts";

/** The workerd that comes with wrangler. */
export interface BundledWorkerd {
  /** Of its program, absolute. */
  readonly path: string;
  /** The newest that it knows: `2026-11-17`. */
  readonly compatibilityDate: string;
}

/** Finds it. Throws where npm left out the program of this platform. */
export function bundledWorkerd(): BundledWorkerd {
  const { resolve } = createRequire(import.meta.url);
  const found: unknown = createRequire(resolve("wrangler/package.json"))("workerd");
  if (isRecord(found) && typeof found.default === "string" && typeof found.compatibilityDate === "string")
    return { path: found.default, compatibilityDate: found.compatibilityDate };
  throw new TypeError("the workerd package names no program");
}
