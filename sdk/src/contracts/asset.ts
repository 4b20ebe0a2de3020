import { type Address, type Hex, parseSignature } from "viem";
import { asset } from "../abi/contracts.ts";
import type { NetworkWriter } from "../network/createNetworkWriter.ts";
import { addressOf, type Signer, signWith } from "../signing/signer.ts";
import { defineView, defineWrite } from "./define.ts";
import { type Mined, senderOf, type WriteOptions } from "./send.ts";

/**
 * What an account holds of the asset, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const balanceOf = /* @__PURE__ */ defineView({
  contract: asset,
  functionName: "balanceOf",
  args: ({ who }: { readonly who: Address }) => [who],
});

/**
 * What `spender` may take of an account's asset, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const allowanceOf = /* @__PURE__ */ defineView({
  contract: asset,
  functionName: "allowance",
  args: ({ owner, spender }: { readonly owner: Address; readonly spender: Address }) => [owner, spender],
});

export interface Approval {
  readonly spender: Address;
  /** Base units. */
  readonly amount: bigint;
}

/**
 * Lets a contract take some of the caller's asset: the node registry for stakes, the escrow for credit and bonds.
 * Replaces what was allowed before.
 *
 * @throws What every write throws, see `sendCall`.
 */
export const approve = /* @__PURE__ */ defineWrite({
  contract: asset,
  functionName: "approve",
  args: ({ spender, amount }: Approval) => [spender, amount],
});

/**
 * Approves what the next call will take to a contract, unless it may take that much already.
 *
 * @returns The approval; undefined when none was needed.
 * @throws What every write throws, see `sendCall`.
 */
export async function ensureAllowance(
  client: NetworkWriter,
  parameters: Approval & WriteOptions,
): Promise<Mined | undefined> {
  const { spender, amount } = parameters;
  const { address: owner } = senderOf(client, parameters.account);
  const allowed = await allowanceOf(client, { owner, spender });
  if (allowed >= amount) return undefined;
  return approve(client, parameters);
}

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

const eip712Domain = /* @__PURE__ */ defineView({ contract: asset, functionName: "eip712Domain" });
const noncesOf = /* @__PURE__ */ defineView({
  contract: asset,
  functionName: "nonces",
  args: ({ owner }: { readonly owner: Address }) => [owner],
});

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
  const [[, name, version, chainId, verifyingContract], nonce] = await Promise.all([
    eip712Domain(client),
    noncesOf(client, { owner }),
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
