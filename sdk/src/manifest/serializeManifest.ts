import canonicalize from "canonicalize";
import { parseManifest } from "./parseManifest.ts";
import type { Manifest } from "./schema.ts";

/**
 * The bytes of `worker3.json`: RFC 8785 (keys sorted, no insignificant whitespace), so that one project has one CID.
 * `parseManifest` of the bytes gives the manifest back.
 *
 * @throws {ManifestError} `MANIFEST_INVALID` as `parseManifest` does.
 */
export function serializeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const text = canonicalize(parseManifest(manifest));
  if (text === undefined) throw new TypeError("a manifest is an object");
  return new TextEncoder().encode(text);
}
