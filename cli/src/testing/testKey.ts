import type { Hex } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";

/** An account of a test with its key, which the command line needs. */
export interface TestKey {
  readonly key: Hex;
  readonly account: PrivateKeyAccount;
}

/** A new account, for chains of our own. */
export function testKey(): TestKey {
  const key = generatePrivateKey();
  return { key, account: privateKeyToAccount(key) };
}
