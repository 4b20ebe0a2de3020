import { ApiError } from "./ApiError.ts";

const MAX_UINT64 = (1n << 64n) - 1n;
const MAX_UINT32 = 0xffff_ffff;

/**
 * A project's id in a path: a decimal number from 1 without leading zeros.
 *
 * @throws {ApiError} `BAD_REQUEST`.
 */
export function projectIdIn(text: string): bigint {
  const id = /^[1-9]\d{0,19}$/.test(text) ? BigInt(text) : 0n;
  if (id >= 1n && id <= MAX_UINT64) return id;
  throw badRequest("a project's id is a decimal number from 1", text);
}

/**
 * An epoch in a path: a decimal number without leading zeros.
 *
 * @throws {ApiError} `BAD_REQUEST`.
 */
export function epochIn(text: string): number {
  const epoch = /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : -1;
  if (epoch >= 0 && epoch <= MAX_UINT32) return epoch;
  throw badRequest("an epoch is a decimal number", text);
}

/** `BAD_REQUEST`. */
export function badRequest(message: string, value: string): ApiError {
  return new ApiError({ code: "BAD_REQUEST", message, value, next: "correct the request" });
}
