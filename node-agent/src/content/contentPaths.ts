import { join } from "node:path";

/** Where a store keeps its files. One rename brings a folder and its CAR to their place. */
export interface ContentPaths {
  /** What is not finished yet, and what is being removed: nothing here is worth anything after a restart. */
  readonly scratch: string;
  /** What was found damaged. */
  readonly damaged: string;
  /** The directory of one content. */
  of(cid: string): string;
}

/** The paths in a store's directory. */
export function contentPaths(directory: string): ContentPaths {
  return {
    scratch: join(directory, "scratch"),
    damaged: join(directory, "damaged"),
    of: (cid) => join(directory, cid),
  };
}

/** The CAR in the directory of one content. */
export const carPathIn = (directory: string): string => join(directory, "content.car");

/** The extracted folder in the directory of one content. */
export const folderIn = (directory: string): string => join(directory, "folder");
