import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isOwnPath, MANIFEST_PATH, parseManifest, validateDeployment, WORKER_DIRECTORY } from "@worker3/sdk";
import { readFolder } from "@worker3/sdk/node";
import { checkSize } from "./checkSize.ts";
import { holdsSecret } from "./holdsSecret.ts";
import { isPrivate } from "./isPrivate.ts";
import type { DeploymentFolder } from "./ProjectParts.ts";
import { PACKAGE_BYTES, readRegularFile } from "./readRegularFile.ts";

/**
 * A folder that is a deployment folder already, as it is.
 *
 * @throws {ManifestError} `MANIFEST_INVALID`, `DEPLOYMENT_INVALID`; {DiskError}; {BundleError} `CONTENT_TOO_LARGE`, `NOT_A_FILE`,
 *   `FILE_TOO_LARGE`.
 */
export async function fromDeployment(
  directory: string,
  { signal }: { signal?: AbortSignal | undefined },
): Promise<DeploymentFolder> {
  const manifest = parseManifest(await readRegularFile(join(directory, MANIFEST_PATH), PACKAGE_BYTES));
  const files: { path: string; bytes: number }[] = [];
  for await (const { path, content } of readFolder(directory, { signal })) {
    if (content !== undefined) files.push({ path, bytes: (await stat(join(directory, path))).size });
  }
  validateDeployment(manifest, files);
  const secrets = files
    .map(({ path }) => path)
    .filter((path) => !isOwnPath(path))
    .filter((path) => isPrivate(path, "named") || holdsSecret(join(directory, path)));
  const bytesOf = (isMeant: (path: string) => boolean): number =>
    files.reduce((sum, { path, bytes }) => (isMeant(path) ? sum + bytes : sum), 0);
  checkSize({ files: files.length, bytes: bytesOf(() => true) });
  return {
    directory,
    manifest,
    name: undefined,
    notices:
      secrets.length === 0
        ? []
        : [`published, as a deployment folder is taken as it is, and looks secret: ${secrets.join(", ")}`],
    workerBytes: bytesOf((path) => path.startsWith(`${WORKER_DIRECTORY}/`)),
    assetBytes: bytesOf((path) => !isOwnPath(path)),
    files: files.length,
  };
}
