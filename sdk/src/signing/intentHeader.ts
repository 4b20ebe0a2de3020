import { base64url } from "multiformats/bases/base64";
import { type Address, getAddress, type Hash, type Hex, isAddress } from "viem";
import { z } from "zod";
import type { UploadIntent } from "./messages.ts";
import { SignatureError } from "./SignatureError.ts";

/** The name of the header that carries an upload intent. */
export const INTENT_HEADER = "worker3-intent";

/** An upload intent with its signature. */
export interface SignedIntent {
  readonly intent: UploadIntent;
  readonly signature: Hex;
  /** Who signed, where that is a delegate that is a contract. Absent: the owner, or whose key the signature shows. */
  readonly signer?: Address | undefined;
}

/** A header this long is none. A signature of `MAX_SIGNATURE_BYTES` fits, with which a wallet without code comes. */
const MAX_LENGTH = 24_576;

const uint64 = z
  .string()
  .regex(/^(0|[1-9]\d{0,19})$/, "is no decimal string")
  .transform((text) => BigInt(text))
  .refine((number) => number < 1n << 64n, "is larger than 2^64 - 1");

const address = z
  .string()
  .refine((text) => isAddress(text), "is no address, or its checksum is wrong")
  .transform((text): Address => getAddress(text));

/**
 * The JSON in the header: the intent's fields, `signature` and perhaps `signer` side by side. Numbers of 64 bits are
 * decimal strings, the rest is hexadecimal; nothing else may stand there.
 */
const intentSchema = z.strictObject({
  projectId: uint64,
  owner: address,
  digest: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/, "is not 0x and 64 lower-case hexadecimal digits")
    .transform((text) => text as Hash),
  bytes: uint64,
  deadline: uint64,
  signature: z
    .string()
    .regex(/^0x([0-9a-fA-F]{2})+$/, "is not 0x and hexadecimal digits")
    .transform((text) => text as Hex),
  signer: address.optional(),
});

/** The value of the `worker3-intent` header: base64url, without padding, of the JSON intent with its signature. */
export function encodeIntentHeader({ intent, signature, signer }: SignedIntent): string {
  const { projectId, owner, digest, bytes, deadline } = intent;
  const json = JSON.stringify({
    projectId: String(projectId),
    owner,
    digest: digest.toLowerCase(),
    bytes: String(bytes),
    deadline: String(deadline),
    signature,
    signer,
  });
  return base64url.baseEncode(new TextEncoder().encode(json));
}

/**
 * Reads the value of a `worker3-intent` header. The signature is not checked here, see `verifyUploadIntent`.
 *
 * @throws {SignatureError} `INTENT_INVALID`, with the field at fault.
 */
export function decodeIntentHeader(text: string): SignedIntent {
  const result = intentSchema.safeParse(parseJson(text));
  if (!result.success) {
    const issue = result.error.issues[0];
    throw intentError(`${issue?.path.join(".") || "it"}: ${issue?.message ?? "wrong"}`, result.error);
  }
  const { signature, signer, ...intent } = result.data;
  return { intent, signature, ...(signer === undefined ? {} : { signer }) };
}

function parseJson(text: string): unknown {
  if (text.length > MAX_LENGTH)
    throw intentError(`it has ${text.length} characters, at most ${MAX_LENGTH} can be`);
  // The decoder would take padding.
  if (!/^[\w-]+$/.test(text)) throw intentError("it is no base64url of JSON");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(base64url.baseDecode(text)));
  } catch (cause) {
    throw intentError("it is no base64url of JSON", cause);
  }
}

function intentError(what: string, cause?: unknown): SignatureError {
  return new SignatureError({
    code: "INTENT_INVALID",
    message: `The header ${INTENT_HEADER} does not hold an upload intent: ${what}.`,
    value: INTENT_HEADER,
    cause,
  });
}
