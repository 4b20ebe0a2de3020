import { MemoryBlockstore } from "blockstore-core/memory";
import type { CID } from "multiformats/cid";
import type { BlockReader, BlockStore } from "./blockStore.ts";
import { checkLayout } from "./checkLayout.ts";
import { countBytes } from "./countBytes.ts";
import { countingStore } from "./countingStore.ts";
import { encodeCar } from "./encodeCar.ts";
import { encodeCarHeader } from "./encodeCarHeader.ts";
import { emptyTree, putInTree } from "./folderTree.ts";
import { type FileContent, storeFile } from "./storeFile.ts";
import { storeTree } from "./storeTree.ts";

/** A file, or (without `content`) a directory, which need only be given when it is empty. */
export interface FolderEntry {
  /** Relative, with `/`: `index.html`. */
  path: string;
  content?: FileContent | undefined;
}

export type Folder = Iterable<FolderEntry> | AsyncIterable<FolderEntry>;

export interface PackOptions {
  /** Where the blocks go; a `MemoryBlockstore` by default, so memory grows with the folder. */
  store?: BlockStore | undefined;
  /** `deployment` (default) takes in `.worker3` only what belongs there. */
  layout?: "deployment" | "any" | undefined;
  signal?: AbortSignal | undefined;
}

export interface PackedFolder {
  /** The folder's CID as text. */
  cid: string;
  root: CID;
  /** The store with the blocks, for `readDeployment`. */
  store: BlockReader;
  /** Bytes of the files' contents. */
  bytes: number;
  files: number;
  blocks: number;
  /** Bytes of the CAR. */
  carBytes: number;
  /** The CAR: CARv1, one root, depth first in link order, each block once. Can be read again and again. */
  car(options?: { signal?: AbortSignal | undefined }): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Packs a folder with profile `unixfs-v1-2025`. The order of the entries does not matter: one folder, one CID, the
 * same as Kubo's `ipfs add -r --hidden` gives after `ipfs config profile apply unixfs-v1-2025`.
 *
 * Goes over the folder once and stores its blocks; `car()` then reads them back. Held in memory: a few chunks of
 * 1 MiB, one entry a file, and whatever the store holds.
 *
 * @throws {PathError} `PATH_BAD`, `PATH_DUPLICATE`, `PATH_NOT_IN_LAYOUT`.
 */
export async function pack(folder: Folder, options: PackOptions = {}): Promise<PackedFolder> {
  const store = options.store ?? new MemoryBlockstore();
  const counting = countingStore(store, options.signal);
  const tree = emptyTree();
  let bytes = 0;
  let files = 0;
  for await (const { path, content } of folder) {
    options.signal?.throwIfAborted();
    if (options.layout !== "any") checkLayout(path, content === undefined ? "directory" : "file");
    if (content === undefined) {
      await putInTree(tree, path);
      continue;
    }
    const sized = countBytes(content, (length) => {
      bytes += length;
    });
    await putInTree(tree, path, () => storeFile(sized, counting));
    files += 1;
  }
  const { cid: root } = await storeTree(tree, counting);
  return {
    cid: root.toString(),
    root,
    store,
    bytes,
    files,
    blocks: counting.blocks(),
    carBytes: encodeCarHeader(root).length + counting.sectionBytes(),
    car: (carOptions) => encodeCar(store, root, carOptions),
  };
}
