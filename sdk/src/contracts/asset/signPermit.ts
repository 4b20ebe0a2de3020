import { type Address, type Hex, parseSignature } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { addressOf, type Signer, signWith } from "../../signing/signer.ts";
import { assetContract } from "../contracts.ts";
import { readView } from "../readView.ts";

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

/**
 * Signs an EIP-2612 permit: what `approve` does, without a transaction. Asks the token for its EIP-712 domain (EIP-5267)
 * and for the account's nonce.
 *
 * @throws {SignatureError} `NO_ACCOUNT`.
 * @throws {ContractError} `REVERTED` for a token without permits: use `approve`.
 */
export async function signPermit(client: NetworkWriter, parameters: SignPermitParameters): Promise<Permit> {
  const { signer = client.walletClient, spender, amount, deadline } = parameters;
  const owner = addressOf(signer);
  const contract = assetContract(client);
  const [[, name, version, chainId, verifyingContract], nonce] = await Promise.all([
    readView(client, { ...contract, functionName: "eip712Domain" }),
    readView(client, { ...contract, functionName: "nonces", args: [owner] }),
  ]);
  const signature = await signWith(signer, {
    domain: { name, version, chainId, verifyingContract },
    types: PERMIT_TYPES,
    primaryType: "Permit",
    message: { owner, spender, value: amount, nonce, deadline },
  });
  const { r, s, yParity } = parseSignature(signature);
  return { deadline, v: 27 + yParity, r, s };
}
