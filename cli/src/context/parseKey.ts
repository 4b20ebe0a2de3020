import type { Hex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { UsageError } from "../errors.ts";

/**
 * The account of a private key: 64 hexadecimal digits, with 0x or without.
 *
 * @throws {UsageError} `KEY_INVALID`. The key is in no message.
 */
export function parseKey(text: string): PrivateKeyAccount {
  const digits = text.trim().replace(/^0x/i, "").toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw keyError();
  try {
    return privateKeyToAccount(`0x${digits}` satisfies Hex);
  } catch {
    throw keyError(); // zero, or beyond the curve's order
  }
}

function keyError(): UsageError {
  return new UsageError({
    code: "KEY_INVALID",
    message: "A private key is 0x and 64 hexadecimal digits; what was given is none.",
    next: "check --key and WORKER3_PRIVATE_KEY, or use an encrypted key file with --keystore",
  });
}
