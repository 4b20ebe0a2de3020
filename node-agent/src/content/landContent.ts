import { type ContentLimits, type Deployment, readDeployment } from "@worker3/sdk";
import type { CID } from "multiformats/cid";
import type { CarIndex } from "./carIndex.ts";
import { carPathIn, folderIn } from "./contentPaths.ts";
import type { CreateFile } from "./createFile.ts";
import { extractDeployment } from "./extractDeployment.ts";
import { onDisk } from "./onDisk.ts";
import { receiveCar } from "./receiveCar.ts";
import { syncDirectory } from "./syncDirectory.ts";

export interface LandContentOptions {
  readonly root: CID;
  readonly source: AsyncIterable<Uint8Array>;
  /** An empty directory, for the CAR and the folder. */
  readonly directory: string;
  readonly limits: Partial<ContentLimits>;
  readonly createFile: CreateFile;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings one content into a directory of its own: CAR, checks, files. All of it is on the disk when this returns.
 *
 * @throws as `ContentStore.put`.
 */
export async function landContent(
  options: LandContentOptions,
): Promise<{ deployment: Deployment; index: CarIndex }> {
  const { root, source, directory, limits, createFile, signal } = options;
  const path = carPathIn(directory);
  const file = await onDisk(path, createFile(path));
  try {
    const index = await receiveCar({ source, root, file, path, limits, signal });
    const reader = index.reader(file);
    const deployment = await readDeployment(reader, root, { limits, signal });
    await extractDeployment({ deployment, reader, folder: folderIn(directory), createFile, signal });
    await onDisk(directory, syncDirectory(directory));
    return { deployment, index };
  } finally {
    await file.close();
  }
}
