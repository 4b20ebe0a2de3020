import { chmod, readFile, writeFile } from "node:fs/promises";
import type { Hex } from "viem";
import { generatePrivateKey, type PrivateKeyAccount } from "viem/accounts";
import { parseKey } from "../context/parseKey.ts";
import { CliError } from "../errors.ts";

/**
 * Reads an operator's key from its file.
 *
 * @throws {CliError} `OPERATOR_KEY_UNREADABLE`; {UsageError} `KEY_INVALID`.
 */
export async function readOperatorKey(path: string): Promise<PrivateKeyAccount> {
  try {
    return parseKey(await readFile(path, "utf8"));
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError({
      code: "OPERATOR_KEY_UNREADABLE",
      message: "The operator's key cannot be read.",
      value: path,
      next: "set the node up anew (worker3 node init), then give it the new key on chain",
      cause,
    });
  }
}

/**
 * Writes a key that only its owner may read; never over another one.
 *
 * @param key Absent: a new one is made.
 * @throws {CliError} `OPERATOR_KEY_UNWRITABLE`; {UsageError} `KEY_INVALID`.
 */
export async function writeOperatorKey(
  path: string,
  key: string = generatePrivateKey(),
): Promise<PrivateKeyAccount> {
  const account = parseKey(key);
  const digits: Hex = `0x${key.trim().replace(/^0x/i, "").toLowerCase()}`;
  try {
    await writeFile(path, `${digits}\n`, { mode: 0o600, flag: "wx", flush: true });
    await chmod(path, 0o600);
  } catch (cause) {
    throw new CliError({
      code: "OPERATOR_KEY_UNWRITABLE",
      message: "The operator's key cannot be written.",
      value: path,
      next: "check the folder; a key that is there already is not replaced",
      cause,
    });
  }
  return account;
}
