import type { Car, Manifest } from "@worker3/sdk";
import { type PackedDiskFolder, packFolder } from "@worker3/sdk/node";
import { type BundledProject, type BundleProjectParameters, bundleProject } from "../bundle/bundleProject.ts";
import { checkSize } from "../bundle/checkSize.ts";
import { loadTrial, tryWorker } from "./tryWorker.ts";

export interface PackProjectParameters extends BundleProjectParameters {
  /** Whether to start it once here, as nodes start it. */
  readonly trial?: boolean | undefined;
}

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
 * @throws what `bundleProject`, `packFolder` and `tryWorker` throw; {BundleError} `CONTENT_TOO_LARGE`.
 */
export async function packProject(parameters: PackProjectParameters): Promise<PackedProject> {
  const { signal, onProgress } = parameters;
  const begun = performance.now();
  if (parameters.trial === true) loadTrial().catch(() => undefined); // told where it is used
  await using bundled = await bundleProject(parameters);
  const bundledAt = performance.now();
  onProgress?.("packing");
  const trial = parameters.trial === true ? tryWorker({ ...bundled, signal }) : Promise.resolve([]);
  // Both are over before the folder goes, however the other ends.
  const [packing, trying] = await Promise.allSettled([packFolder(bundled.directory, { signal }), trial]);
  if (packing.status === "rejected") throw packing.reason;
  const packed = packing.value;
  try {
    if (trying.status === "rejected") throw trying.reason;
    checkSize(packed);
    const packedAt = performance.now();
    const timings = { bundleMs: Math.round(bundledAt - begun), packMs: Math.round(packedAt - bundledAt) };
    return packedProject(bundled, packed, { timings, told: trying.value });
  } catch (error) {
    await packed.close();
    throw error;
  }
}

function packedProject(
  { manifest, notices, workerBytes }: BundledProject,
  packed: PackedDiskFolder,
  { timings, told }: { timings: PackedProject["timings"]; told: readonly string[] },
): PackedProject {
  return {
    car: { cid: packed.cid, bytes: packed.carBytes, open: (signal) => packed.car({ signal }) },
    manifest,
    notices: [...notices, ...told],
    files: packed.files,
    workerBytes,
    timings,
    [Symbol.asyncDispose]: packed.close,
  };
}
