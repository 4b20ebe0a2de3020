import { type Address, type Hex, parseSignature } from "viem";
import { asset } from "../../abi/contracts.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { addressOf, type Signer, signWith } from "../../signing/signer.ts";
import { defineView } from "../define.ts";
import { assetDomain } from "./domain.ts";

export interface SignPermitParameters {
  /** Whose asset it is; the writer's own account by default. */
  readonly signer?: Signer | undefined;
  readonly spender: Address;
  /** Base units. */
  readonly amount: bigint;
  /** Unix time, in seconds. */
  readonly deadline: bigint;
}

/** A signed permit in the parts that contracts take. */
export interface Permit {
  readonly deadline: bigint;
  readonly v: number;
  readonly r: Hex;
  readonly s: Hex;
}

const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

const noncesOf = /* @__PURE__ */ defineView({
  contract: asset,
  functionName: "nonces",
  args: ({ owner }: { readonly owner: Address }) => [owner],
});

/**
 * Signs an EIP-2612 permit: what `approve` does, without a transaction.
 *
 * @throws {SignatureError} `NO_ACCOUNT`.
 * @throws {ContractError} `NO_ASSET_DOMAIN` for a token without permits, or whose domain is not found: use
 *   `approve`.
 */
export async function signPermit(client: NetworkWriter, parameters: SignPermitParameters): Promise<Permit> {
  const { signer = client.walletClient, spender, amount, deadline } = parameters;
  const owner = addressOf(signer);
  const domain = await assetDomain(client);
  const nonce = await noncesOf(client, { owner });
  const signature = await signWith(signer, {
    domain,
    types: PERMIT_TYPES,
    primaryType: "Permit",
    message: { owner, spender, value: amount, nonce, deadline },
  });
  const { r, s, yParity } = parseSignature(signature);
  return { deadline, v: 27 + yParity, r, s };
}
