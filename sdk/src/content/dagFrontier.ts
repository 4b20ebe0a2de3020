import type { CID } from "multiformats/cid";
import { cidKey } from "./cidKey.ts";
import { detachCid } from "./detachCid.ts";

interface Waiting {
  id: number;
  depth: number;
}

/** The blocks that a DAG asks for, in the order in which a CAR has to bring them. */
export interface DagFrontier {
  /** The next block, and how many links it is below the root; undefined when there is none left. */
  next(): { cid: CID; depth: number } | undefined;
  /** Links of the block that `next` gave last, in order. */
  push(links: readonly CID[], depth: number): void;
  /** Distinct CIDs named so far: all of them have to arrive, so this is a lower bound of the DAG's blocks. */
  named(): number;
}

/**
 * Depth first in link order, each block the first time that it is met. A CID that waits in many places is held once;
 * each place costs two numbers.
 */
export function dagFrontier(root: CID): DagFrontier {
  const ids = new Map<string, number>();
  /** By id; undefined once the block was asked for. */
  const cids: (CID | undefined)[] = [];
  const waiting: Waiting[] = [];

  const idOf = (cid: CID): number => {
    const key = cidKey(cid);
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, cids.length);
    return cids.push(detachCid(cid)) - 1;
  };
  waiting.push({ id: idOf(root), depth: 0 });

  return {
    next() {
      for (let top = waiting.pop(); top !== undefined; top = waiting.pop()) {
        const cid = cids[top.id];
        if (cid === undefined) continue;
        cids[top.id] = undefined;
        return { cid, depth: top.depth };
      }
      return undefined;
    },
    push(links, depth) {
      for (const cid of links.toReversed()) {
        const id = idOf(cid);
        if (cids[id] !== undefined) waiting.push({ id, depth });
      }
    },
    named: () => cids.length,
  };
}
