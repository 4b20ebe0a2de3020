import type { CID } from "multiformats/cid";
import { checkPath } from "./checkPath.ts";
import { PathError } from "./errors.ts";
import { foldName } from "./foldName.ts";

/** A stored file or directory: what a directory's link to it says. */
export interface StoredNode {
  cid: CID;
  /** Bytes of the node's block and of all blocks below, a shared one counted at each link (dag-pb's `Tsize`). */
  tsize: bigint;
}

export interface TreeFile extends StoredNode {
  kind: "file";
}

export interface TreeDirectory {
  kind: "directory";
  children: Map<string, TreeDirectory | TreeFile>;
  /** `foldName` of each child, to the name as it was given first. */
  folded: Map<string, string>;
}

/** A directory without children. */
export function emptyTree(): TreeDirectory {
  return { kind: "directory", children: new Map(), folded: new Map() };
}

/**
 * Puts a file (or, without one, a directory) at a path, and makes the directories above it.
 *
 * @param store - stores the file; called only once the path is known to be good and free.
 * @throws {PathError} `PATH_BAD`, or `PATH_DUPLICATE` when the path is there, is there in other case or other
 *   normalisation, or is needed both as a file and as a directory. `value` is the path.
 */
export async function putInTree(
  root: TreeDirectory,
  path: string,
  store?: () => Promise<StoredNode>,
): Promise<void> {
  const segments = checkPath(path);
  const last = segments.length - 1;
  let directory = root;
  for (const [index, name] of segments.entries()) {
    const twin = directory.folded.get(foldName(name));
    if (twin !== undefined && twin !== name)
      throw duplicate(path, `differs from "${twin}" only in case or form`);
    const there = directory.children.get(name);
    if (there?.kind === "file") {
      throw duplicate(path, index === last ? "is given twice" : `needs the file "${name}" as a directory`);
    }
    if (index === last && store !== undefined) {
      if (there !== undefined) throw duplicate(path, "is given as a file and as a directory");
      directory.children.set(name, { kind: "file", ...(await store()) });
      directory.folded.set(foldName(name), name);
      return;
    }
    const below = there ?? emptyTree();
    directory.children.set(name, below);
    directory.folded.set(foldName(name), name);
    directory = below;
  }
}

function duplicate(path: string, what: string): PathError {
  return new PathError({
    code: "PATH_DUPLICATE",
    message: `a path ${what}`,
    value: path,
    next: "rename or remove one of the two and pack again",
  });
}
