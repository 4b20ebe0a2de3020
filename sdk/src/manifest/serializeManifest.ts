import canonicalize from "canonicalize";
import { parseManifest } from "./parseManifest.ts";
import type { Manifest } from "./schema.ts";

/**
 * The bytes of `.worker3/manifest.json`: RFC 8785 (keys sorted, no insignificant whitespace), so that one project has one CID. Only
 * inside of a variable keys keep the order that the project gave them: its worker sees it. `parseManifest` of the bytes
 * gives the manifest back.
 *
 * @throws {ManifestError} `MANIFEST_INVALID` as `parseManifest` does.
 */
export function serializeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const { vars, ...others } = parseManifest(manifest);
  const texts = new Map(Object.entries(others).map(([key, value]) => [key, canonicalize(value)]));
  if (vars !== undefined)
    texts.set(
      "vars",
      objectText(new Map(Object.entries(vars).map(([name, value]) => [name, JSON.stringify(value)]))),
    );
  return new TextEncoder().encode(objectText(texts));
}

/** RFC 8785 sorts keys by their UTF-16 units, as JavaScript compares texts. */
function objectText(texts: ReadonlyMap<string, string | undefined>): string {
  const members = [...texts]
    .filter(([, text]) => text !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => `${JSON.stringify(key)}:${text}`);
  return `{${members.join(",")}}`;
}
