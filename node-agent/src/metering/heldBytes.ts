import type { ChainProject } from "../chain/view/chainProject.ts";
import { obligedBytes } from "./obligedBytes.ts";

export interface HeldBytesParts {
  /** The projects that visitors get by a seat of this epoch. */
  readonly served: Iterable<bigint>;
  readonly project: (projectId: bigint) => ChainProject;
  /** Whether the credit pays for this epoch. */
  readonly funded: (projectId: bigint) => boolean | undefined;
  /** The bytes of all files of a content that lies here; undefined for one that does not. */
  readonly bytesOf: (cid: string) => number | undefined;
}

/** What this node is obliged to hold now of each project that it serves and that pays for it. Of the others nobody owes it anything. */
export function heldBytes({ served, project, funded, bytesOf }: HeldBytesParts): Map<bigint, bigint> {
  const held = new Map<bigint, bigint>();
  for (const projectId of served) {
    if (funded(projectId) !== true) continue;
    const { versions, active, split } = project(projectId);
    const contents = versions.flatMap(({ version, cid }) => {
      const bytes = version === active || version === split?.version ? bytesOf(cid) : undefined;
      return bytes === undefined ? [] : [{ cid, bytes }];
    });
    held.set(projectId, obligedBytes({ contents }));
  }
  return held;
}
