import type {
  Account,
  Address,
  Chain,
  Hex,
  LocalAccount,
  Transport,
  TypedDataDefinition,
  WalletClient,
} from "viem";
import { SignatureError } from "./SignatureError.ts";

/** Who signs: a local account (a key), or a wallet client with an account. */
export type Signer = LocalAccount | WalletClient<Transport, Chain | undefined, Account | undefined>;

/** The address that the signer signs for. Throws `NO_ACCOUNT` for a wallet without one. */
export function addressOf(signer: Signer): Address {
  return "address" in signer ? signer.address : walletAccount(signer).address;
}

/** Signs typed data: 65 bytes. */
export async function signWith(signer: Signer, data: TypedDataDefinition): Promise<Hex> {
  if ("address" in signer) return signer.signTypedData(data);
  return signer.signTypedData({ account: walletAccount(signer), ...data });
}

function walletAccount({ account }: Exclude<Signer, LocalAccount>): Account {
  if (account !== undefined) return account;
  throw new SignatureError({
    code: "NO_ACCOUNT",
    message: "The wallet has no account to sign with.",
    next: "connect an account first",
  });
}
