import { type PackedFolder, type PackOptions, pack } from "../content/pack.ts";
import { openScratchStore } from "./openScratchStore.ts";
import { readFolder } from "./readFolder.ts";

/** A folder packed from disk. Its blocks lie in a scratch file until `close`. */
export interface PackedDiskFolder extends PackedFolder, AsyncDisposable {
  close(): Promise<void>;
}

export interface PackFolderOptions extends Omit<PackOptions, "store"> {
  /** Where the scratch file goes; the system's temporary directory by default. */
  scratchDirectory?: string | undefined;
}

/**
 * Packs a folder on disk, in bounded memory: file contents pass through a scratch file, so the CAR is that of the
 * bytes which the CID was computed from even if the folder changes meanwhile.
 *
 * @throws {DiskError} as `readFolder` does; {PathError} as `pack` does, and when the folder is no deployment folder.
 */
export async function packFolder(
  directory: string,
  options: PackFolderOptions = {},
): Promise<PackedDiskFolder> {
  const { scratchDirectory, ...packOptions } = options;
  const store = await openScratchStore(scratchDirectory);
  try {
    const packed = await pack(readFolder(directory, { signal: options.signal }), { ...packOptions, store });
    return { ...packed, close: store.close, [Symbol.asyncDispose]: store.close };
  } catch (error) {
    await store.close();
    throw error;
  }
}
