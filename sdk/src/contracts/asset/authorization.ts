import type { Address, Hash, Hex, TypedDataDomain } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { addressOf, type Signer, signWith } from "../../signing/signer.ts";
import { assetDomain } from "./domain.ts";

/** What its payer signs so that one contract may fetch some of the asset, once (ERC-3009). */
export interface Authorization {
  /** Who pays. */
  readonly from: Address;
  /** The contract that may fetch it, and no other. */
  readonly to: Address;
  /** Base units. */
  readonly amount: bigint;
  /** Unix time, in seconds: it counts after it. */
  readonly validAfter: bigint;
  /** Unix time, in seconds: and before it. */
  readonly validBefore: bigint;
  /** Of a deposit: see `escrow.authorizationNonce`. */
  readonly nonce: Hash;
}

const AUTHORIZATION_TYPES = {
  ReceiveWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
} as const;

/** An authorization as wallets take it to sign. */
export interface AuthorizationTypedData {
  readonly domain: TypedDataDomain;
  readonly types: typeof AUTHORIZATION_TYPES;
  readonly primaryType: "ReceiveWithAuthorization";
  readonly message: {
    readonly from: Address;
    readonly to: Address;
    readonly value: bigint;
    readonly validAfter: bigint;
    readonly validBefore: bigint;
    readonly nonce: Hash;
  };
}

/**
 * The EIP-712 data of an authorization, in the asset's own domain: what a wallet elsewhere signs.
 *
 * @throws {ContractError} `NO_ASSET_DOMAIN`: the asset does not tell its domain.
 */
export async function authorizationTypedData(
  client: NetworkClient,
  { from, to, amount, validAfter, validBefore, nonce }: Authorization,
): Promise<AuthorizationTypedData> {
  return {
    domain: await assetDomain(client),
    types: AUTHORIZATION_TYPES,
    primaryType: "ReceiveWithAuthorization",
    message: { from, to, value: amount, validAfter, validBefore, nonce },
  };
}

export interface SignAuthorizationParameters extends Omit<Authorization, "from"> {
  /** Who pays; the writer's own account by default. */
  readonly signer?: Signer | undefined;
}

/**
 * Signs an authorization.
 *
 * @throws {SignatureError} `NO_ACCOUNT`; {ContractError} `NO_ASSET_DOMAIN`.
 */
export async function signAuthorization(
  client: NetworkWriter,
  { signer = client.walletClient, ...parameters }: SignAuthorizationParameters,
): Promise<Hex> {
  return signWith(signer, await authorizationTypedData(client, { from: addressOf(signer), ...parameters }));
}
