import type { CID } from "multiformats/cid";
import { DAG_PB_CODE, RAW_CODE, SHA2_256_CODE } from "./cidBytes.ts";

/** Why a CID may not appear in a deployment's DAG, or undefined: CIDv1, dag-pb or raw, sha2-256 of 32 bytes. */
export function cidProblem(cid: CID): string | undefined {
  if (cid.version !== 1) return "is CIDv0; only CIDv1 is taken";
  if (cid.code !== DAG_PB_CODE && cid.code !== RAW_CODE) {
    return `has codec 0x${cid.code.toString(16)}; only dag-pb and raw are taken`;
  }
  if (cid.multihash.code !== SHA2_256_CODE) {
    return `has hash 0x${cid.multihash.code.toString(16)}; only sha2-256 is taken`;
  }
  if (cid.multihash.digest.length !== 32) return "has a digest that is not 32 bytes";
  return undefined;
}
