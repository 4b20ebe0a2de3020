import { varint } from "multiformats";
import { base32 } from "multiformats/bases/base32";
import { CID } from "multiformats/cid";
import { CID_BYTES, DAG_PB_CODE, SHA2_256_CODE } from "./cidBytes.ts";
import { CidError, type CidPart } from "./errors.ts";
import { hexOf } from "./hexOf.ts";

/** Characters of a deployment's CID: the base's prefix and 36 bytes in base32. */
export const DEPLOYMENT_CID_LENGTH = 59;

export interface DeploymentCid {
  cid: CID;
  text: string;
  /** The sha2-256 digest, as the contracts store it. */
  digest: `0x${string}`;
}

/**
 * Reads the CID of a deployment: CIDv1, base32 in lower case, dag-pb, sha2-256, 59 characters, the unused bits of
 * the last character zero. There is one such text for each digest, so text and digest stand for each other.
 *
 * @throws {CidError} `CID_BAD`; `part` says which part is wrong, `value` is the text.
 */
export function parseDeploymentCid(text: string): DeploymentCid {
  const refuse = (part: CidPart, message: string): never => {
    throw new CidError(part, {
      message,
      value: text,
      next: "give a CIDv1 like bafybei... (worker3 pack prints it)",
    });
  };
  if (text === "") refuse("text", "a CID is missing");
  if (/^Qm[1-9A-HJ-NP-Za-km-z]{44}$/.test(text)) {
    refuse("version", "this is a CIDv0; a deployment has a CIDv1");
  }
  if (/^[Bb][A-Za-z2-7]*$/.test(text) && /[A-Z]/.test(text)) {
    refuse("case", "a CID in base32 is written in lower case here");
  }
  if (!text.startsWith("b")) refuse("base", "the CID is not in base32 (prefix b)");
  if (!/^b[a-z2-7]*$/.test(text)) refuse("text", "the CID has a character that base32 does not have");

  const unusedBits = ((text.length - 1) * 5) % 8;
  if (unusedBits >= 5) refuse("length", `no CID in base32 has ${text.length} characters`);
  let bytes: Uint8Array;
  try {
    bytes = base32.decode(text);
  } catch {
    return refuse("bits", "the unused bits of the CID's last character are not zero");
  }

  const [version, codec, hash, size] = fieldsOf(bytes) ?? refuse("text", "the bytes in base32 are no CID");
  if (version !== 1) refuse("version", `the CID has version ${version}; a deployment has a CIDv1`);
  if (codec !== DAG_PB_CODE) {
    refuse("codec", `the CID has codec 0x${codec.toString(16)}; a deployment is a folder, so dag-pb (0x70)`);
  }
  if (hash !== SHA2_256_CODE) {
    refuse("hash", `the CID has hash 0x${hash.toString(16)}; a deployment has sha2-256 (0x12)`);
  }
  if (size !== 32) refuse("hash", `the CID says that its digest has ${size} bytes; sha2-256 has 32`);
  if (bytes.length !== CID_BYTES) {
    refuse("length", `the CID has ${text.length} characters; a deployment's has ${DEPLOYMENT_CID_LENGTH}`);
  }
  return { cid: CID.decode(bytes), text, digest: `0x${hexOf(bytes.subarray(CID_BYTES - 32))}` };
}

/** Version, codec, hash code and hash length, or undefined where the bytes end early or a varint is not minimal. */
function fieldsOf(bytes: Uint8Array): [number, number, number, number] | undefined {
  const fields: number[] = [];
  let offset = 0;
  try {
    while (fields.length < 4) {
      const [field, length] = varint.decode(bytes, offset);
      fields.push(field);
      offset += length;
    }
  } catch {
    return undefined;
  }
  const [version = 0, codec = 0, hash = 0, size = 0] = fields;
  return [version, codec, hash, size];
}
