import { type Address, getAddress } from "viem";
import { TransactionError } from "../../errors/errorClasses.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import type { Mined, WriteOptions } from "../sendCall.ts";
import { allowanceOf } from "./allowanceOf.ts";
import { approve } from "./approve.ts";

export interface EnsureAllowanceParameters extends WriteOptions {
  readonly spender: Address;
  /** Base units that the next call will take. */
  readonly amount: bigint;
}

/**
 * Approves `amount` to a contract, unless it may take that much already.
 *
 * @returns The approval; undefined when none was needed.
 * @throws What every write throws, see `sendCall`.
 */
export async function ensureAllowance(
  client: NetworkWriter,
  parameters: EnsureAllowanceParameters,
): Promise<Mined | undefined> {
  const { spender, amount } = parameters;
  const account = parameters.account ?? client.walletClient.account;
  if (account === undefined) {
    throw new TransactionError({ code: "NO_ACCOUNT", message: "There is no account to approve from." });
  }
  const owner = typeof account === "string" ? getAddress(account) : account.address;
  const allowed = await allowanceOf(client, { owner, spender });
  if (allowed >= amount) return undefined;
  return approve(client, parameters);
}
