import { type Account, type Address, isAddressEqual } from "viem";
import { parseAccount } from "viem/accounts";
import { TransactionError } from "../errors/errorClasses.ts";
import type { NetworkWriter } from "../network/createNetworkWriter.ts";

/**
 * The account that sends: the given one, or the writer's own. An address that is the writer's own account becomes that
 * account, so that its key signs here.
 *
 * @throws {TransactionError} `NO_ACCOUNT`.
 */
export function senderOf({ walletClient }: NetworkWriter, account: Account | Address | undefined): Account {
  const own = walletClient.account;
  if (account === undefined) {
    if (own !== undefined) return own;
    throw new TransactionError({
      code: "NO_ACCOUNT",
      message: "There is no account to send this transaction from.",
      next: "give a key with --key or WORKER3_PRIVATE_KEY",
    });
  }
  if (typeof account === "string" && own !== undefined && isAddressEqual(own.address, account)) return own;
  return parseAccount(account);
}
