import { type Address, getAddress } from "viem";
import { type Parameters, roleNames } from "./parameters.ts";

/** The chain id of anvil and of Hardhat's own network. */
export const DEVNET_CHAIN_ID = 31337;

/** Which unlocked account of a devnet plays which role; account 0 deploys. */
const DEVNET_ACCOUNTS = { nameKeeper: 0, arbiter: 7, guardian: 8, feeReceiver: 8, admin: 9 };

export type Roles = Record<(typeof roleNames)[number], Address>;

/**
 * Who holds what by the parameters. What they leave out is filled in on a devnet (chain 31337), whose own accounts are
 * `accounts`.
 *
 * @throws {Error} that names what is missing, `asset` and `times.genesis` included, everywhere else.
 */
export function rolesOf(
  parameters: Parameters,
  { chainId, accounts }: { chainId: number; accounts: readonly Address[] },
): Roles {
  const missing: string[] = [...roleNames, "asset" as const].filter((name) => parameters[name] === undefined);
  if (parameters.times.genesis === undefined) missing.push("times.genesis");
  if (missing.length > 0 && chainId !== DEVNET_CHAIN_ID) {
    throw new Error(`Chain ${chainId} is no devnet: the parameters have to name ${missing.join(", ")}.`);
  }
  const holder = (name: keyof Roles): Address => {
    const account = parameters[name] ?? accounts[DEVNET_ACCOUNTS[name]];
    if (account === undefined)
      throw new Error(`The devnet has no account ${DEVNET_ACCOUNTS[name]} for ${name}.`);
    return getAddress(account); // a chain's own accounts come without checksums
  };
  return {
    nameKeeper: holder("nameKeeper"),
    feeReceiver: holder("feeReceiver"),
    arbiter: holder("arbiter"),
    guardian: holder("guardian"),
    admin: holder("admin"),
  };
}
