import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { NODE_FILE } from "../nodeState/nodeFile.ts";

/** What is remembered of where a folder is deployed, and what is on its way there. */
const REMEMBERED = /^project\.json(\..*\.part)?$/;
/** Either says that the whole folder is a devnet's, which empties it as it starts. */
const DEVNET = ["devnet.json", "devnet.pid"];

/**
 * What in a `.worker3` at the root of static files is not there because of the command: where it keeps what it remembers, a
 * devnet and states of nodes, nothing is the project's.
 *
 * @param directory The `.worker3`.
 * @returns The path of the first; undefined where all is the command's own.
 */
export async function foreignIn(directory: string): Promise<string | undefined> {
  if (!(await lstat(directory)).isDirectory()) return directory;
  const names = (await readdir(directory)).sort();
  if (DEVNET.some((name) => names.includes(name))) return undefined;
  for (const name of names) {
    const path = join(directory, name);
    if (!REMEMBERED.test(name) && !(await isNodeState(path))) return path;
  }
  return undefined;
}

async function isNodeState(directory: string): Promise<boolean> {
  return lstat(join(directory, NODE_FILE)).then(
    (found) => found.isFile(),
    () => false,
  );
}
