import type { SignedRequest } from "@worker3/sdk";
import { base64url } from "multiformats/bases/base64";
import type { Hex } from "viem";
import { z } from "zod";
import { ApiError } from "./ApiError.ts";

/** The name of the header that carries a signed request. */
export const REQUEST_HEADER = "worker3-request";

/** A header this long is none. A signature of `MAX_SIGNATURE_BYTES` fits, with which a wallet without code comes. */
const MAX_LENGTH = 24_576;

const requestSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  nodeId: z.int().min(1).max(0xffff_ffff),
  deadline: z
    .string()
    .regex(/^(0|[1-9]\d{0,19})$/, "is no decimal string")
    .transform((text) => BigInt(text)),
  signature: z
    .string()
    .regex(/^0x([0-9a-fA-F]{2})+$/, "is not 0x and hexadecimal digits")
    .transform((text) => text as Hex),
});

/** The value of the `worker3-request` header: base64url, without padding, of the request's fields and its signature. */
export function encodeRequestHeader(request: SignedRequest, signature: Hex): string {
  const json = JSON.stringify({ ...request, deadline: String(request.deadline), signature });
  return base64url.baseEncode(new TextEncoder().encode(json));
}

/**
 * Reads the value of a `worker3-request` header. The signature is not checked here, see `verifyRequest`.
 *
 * @throws {ApiError} `REQUEST_SIGNATURE_WRONG`, with the field at fault.
 */
export function decodeRequestHeader(text: string): { request: SignedRequest; signature: Hex } {
  const result = requestSchema.safeParse(parseJson(text));
  if (!result.success) {
    const issue = result.error.issues[0];
    throw headerError(`${issue?.path.join(".") || "it"}: ${issue?.message ?? "wrong"}`, result.error);
  }
  const { signature, ...request } = result.data;
  return { request, signature };
}

function parseJson(text: string): unknown {
  if (text.length > MAX_LENGTH || !/^[\w-]+$/.test(text)) throw headerError("it is no base64url of JSON");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(base64url.baseDecode(text)));
  } catch (cause) {
    throw headerError("it is no base64url of JSON", cause);
  }
}

function headerError(what: string, cause?: unknown): ApiError {
  return new ApiError({
    code: "REQUEST_SIGNATURE_WRONG",
    message: `the header ${REQUEST_HEADER} does not hold a signed request: ${what}`,
    value: REQUEST_HEADER,
    next: "sign the request with the project owner's key, or leave the header out",
    cause,
  });
}
