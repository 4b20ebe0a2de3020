import * as dagPb from "@ipld/dag-pb";
import type { CID } from "multiformats/cid";
import { DAG_PB_CODE } from "./cidBytes.ts";

/** The CIDs that a block links to, in order; none for a raw block. Throws what `@ipld/dag-pb` throws. */
export function decodeLinks(cid: CID, bytes: Uint8Array): CID[] {
  if (cid.code !== DAG_PB_CODE) return [];
  return dagPb.decode(bytes).Links.map((link) => link.Hash);
}
