import { base16 } from "multiformats/bases/base16";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";
import { DAG_PB_CODE, SHA2_256_CODE } from "./cidBytes.ts";
import { CidError } from "./errors.ts";

/**
 * The text of the deployment CID with this digest: the inverse of `parseDeploymentCid`.
 *
 * @param digest - sha2-256, 32 bytes as `0x` and 64 hexadecimal characters (the contracts' `bytes32`).
 * @throws {CidError} `CID_BAD` with part `digest`; `value` is the digest that was given.
 */
export function cidOfDigest(digest: `0x${string}`): string {
  if (!/^0x[0-9a-fA-F]{64}$/.test(digest)) {
    throw new CidError("digest", {
      message: "a digest is 0x and 64 hexadecimal characters",
      value: digest,
      next: "give the bytes32 that the version has on chain",
    });
  }
  const bytes = base16.decode(`f${digest.slice(2).toLowerCase()}`);
  return CID.createV1(DAG_PB_CODE, Digest.create(SHA2_256_CODE, bytes)).toString();
}
