import { readFile } from "node:fs/promises";
import { Wallet } from "@ethereumjs/wallet";
import { type Address, getAddress } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { CliError } from "../errors.ts";
import { parseKey } from "./parseKey.ts";

/**
 * Opens an encrypted key file (Web3 Secret Storage, version 3), as geth, foundry's `cast wallet` and MetaMask's tools
 * write it.
 *
 * @param askPassword Asked only when the file could be read.
 * @throws {CliError} `KEYSTORE_UNREADABLE`, `KEYSTORE_INVALID`, `KEYSTORE_PASSWORD`.
 */
export async function openKeystore(
  path: string,
  askPassword: () => Promise<string>,
): Promise<PrivateKeyAccount> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new CliError({
      code: "KEYSTORE_UNREADABLE",
      message: "The encrypted key file cannot be read.",
      value: path,
      next: "check the path that --keystore names",
      cause,
    });
  }
  if (!isKeystore(text)) {
    throw new CliError({
      code: "KEYSTORE_INVALID",
      message: "The file is no encrypted key (Web3 Secret Storage, version 3).",
      value: path,
      next: "name another file with --keystore",
    });
  }
  const password = await askPassword();
  try {
    const wallet = await Wallet.fromV3(text, password, true);
    return parseKey(wallet.getPrivateKeyString());
  } catch (cause) {
    throw new CliError({
      code: "KEYSTORE_PASSWORD",
      message: "The encrypted key file does not open with this password.",
      value: path,
      next: "try again; WORKER3_KEYSTORE_PASSWORD goes before the question",
      cause,
    });
  }
}

/** The address that an encrypted key file tells beside its key, as most programs write it; undefined where it does not. */
export async function keystoreAddress(path: string): Promise<Address | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof value !== "object" || value === null || !("address" in value)) return undefined;
    const digits = String(value.address).replace(/^0x/i, "");
    return /^[0-9a-f]{40}$/i.test(digits) ? getAddress(`0x${digits}`) : undefined;
  } catch {
    return undefined;
  }
}

function isKeystore(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "version" in value && value.version === 3;
  } catch {
    return false;
  }
}
