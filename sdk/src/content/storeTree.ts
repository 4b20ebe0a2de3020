import type { WritableStorage } from "ipfs-unixfs-importer";
import type { StoredNode, TreeDirectory } from "./folderTree.ts";
import { storeDirectory } from "./storeDirectory.ts";

/** Stores a tree's directories, the deepest first, so that each knows its children's sizes. */
export async function storeTree(tree: TreeDirectory, store: WritableStorage): Promise<StoredNode> {
  const children: (readonly [string, StoredNode])[] = [];
  for (const [name, child] of tree.children) {
    children.push([name, child.kind === "file" ? child : await storeTree(child, store)]);
  }
  return storeDirectory(children, store);
}
