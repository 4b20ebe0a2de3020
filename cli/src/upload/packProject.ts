import type { Car, Manifest } from "@worker3/sdk";
import { type PackedDiskFolder, packFolder } from "@worker3/sdk/node";
import { type BundledProject, type BundleProjectParameters, bundleProject } from "../bundle/bundleProject.ts";
import { checkSize } from "../bundle/checkSize.ts";

export type PackProjectParameters = BundleProjectParameters;

/** A project as a CAR, until it is disposed. */
export interface PackedProject extends AsyncDisposable {
  readonly car: Car;
  readonly manifest: Manifest;
  readonly notices: readonly string[];
  readonly files: number;
  readonly workerBytes: number;
  readonly timings: { readonly bundleMs: number; readonly packMs: number };
}

/**
 * Bundles a project and packs it; the deployment folder is gone when this returns.
 *
 * @throws what `bundleProject` and `packFolder` throw; {BundleError} `CONTENT_TOO_LARGE`.
 */
export async function packProject(parameters: PackProjectParameters): Promise<PackedProject> {
  const { signal, onProgress } = parameters;
  const begun = performance.now();
  await using bundled = await bundleProject(parameters);
  const bundledAt = performance.now();
  onProgress?.("packing");
  const packed = await packFolder(bundled.directory, { signal });
  try {
    checkSize(packed);
    const packedAt = performance.now();
    const timings = { bundleMs: Math.round(bundledAt - begun), packMs: Math.round(packedAt - bundledAt) };
    return packedProject(bundled, packed, timings);
  } catch (error) {
    await packed.close();
    throw error;
  }
}

function packedProject(
  { manifest, notices, workerBytes }: BundledProject,
  packed: PackedDiskFolder,
  timings: PackedProject["timings"],
): PackedProject {
  return {
    car: { cid: packed.cid, bytes: packed.carBytes, open: (signal) => packed.car({ signal }) },
    manifest,
    notices,
    files: packed.files,
    workerBytes,
    timings,
    [Symbol.asyncDispose]: packed.close,
  };
}
