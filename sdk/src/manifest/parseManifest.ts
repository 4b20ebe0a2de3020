import { MANIFEST_PATH } from "../content/checkLayout.ts";
import { ManifestError } from "./errors.ts";
import { jsonIssues } from "./jsonIssues.ts";
import { relationIssues } from "./relationIssues.ts";
import { type Manifest, manifestSchema } from "./schema.ts";
import { schemaIssues } from "./schemaIssues.ts";
import { shownValue } from "./shownValue.ts";
import { throwIssues } from "./throwIssues.ts";

/** Bytes of `.worker3/manifest.json` at most. */
export const MAX_MANIFEST_BYTES = 1_048_576;

/**
 * Reads a manifest from JSON text, its bytes, or a value. Strict: an unknown key is an error. Nothing is filled in:
 * what the manifest leaves out stays out.
 *
 * @throws {ManifestError} `MANIFEST_INVALID` with all issues, each with its path and value.
 */
export function parseManifest(input: unknown): Manifest {
  const value = typeof input === "string" || input instanceof Uint8Array ? parseJson(input) : input;
  throwIssues("MANIFEST_INVALID", jsonIssues(value));
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throwIssues("MANIFEST_INVALID", schemaIssues(parsed.error, value));
  const manifest = parsed.data as Manifest;
  throwIssues("MANIFEST_INVALID", relationIssues(manifest));
  return manifest;
}

function parseJson(input: string | Uint8Array): unknown {
  const size = typeof input === "string" ? new TextEncoder().encode(input).length : input.length;
  if (size > MAX_MANIFEST_BYTES) {
    const message = `has ${size} bytes, more than the ${MAX_MANIFEST_BYTES} that are taken`;
    throw new ManifestError("MANIFEST_INVALID", [{ path: MANIFEST_PATH, message, value: String(size) }]);
  }
  try {
    const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const text = typeof input === "string" ? input : utf8.decode(input);
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    const message = `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`;
    const value = typeof input === "string" ? shownValue(input) : undefined;
    throw new ManifestError("MANIFEST_INVALID", [{ path: MANIFEST_PATH, message, value }], cause);
  }
}
