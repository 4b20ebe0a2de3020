import {
  type Address,
  domainSeparator,
  type Hex,
  parseAbi,
  parseSignature,
  type TypedDataDomain,
} from "viem";
import { asset } from "../../abi/contracts.ts";
import { ContractError } from "../../errors/errorClasses.ts";
import { Worker3Error } from "../../errors/Worker3Error.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { addressOf, type Signer, signWith } from "../../signing/signer.ts";
import { defineView } from "../define.ts";
import { readCall } from "../read.ts";

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
const separatorOf = /* @__PURE__ */ defineView({ contract: asset, functionName: "DOMAIN_SEPARATOR" });
const nameOf = /* @__PURE__ */ defineView({ contract: asset, functionName: "name" });
const noncesOf = /* @__PURE__ */ defineView({
  contract: asset,
  functionName: "nonces",
  args: ({ owner }: { readonly owner: Address }) => [owner],
});

/**
 * Signs an EIP-2612 permit: what `approve` does, without a transaction. Takes the EIP-712 domain that the token's own
 * `DOMAIN_SEPARATOR` is of: the one that it tells (EIP-5267), or that its name and version make, as of USDC.
 *
 * @throws {SignatureError} `NO_ACCOUNT`.
 * @throws {ContractError} `NO_PERMIT` for a token without permits, or whose domain is not found: use
 *   `approve`.
 */
export async function signPermit(client: NetworkWriter, parameters: SignPermitParameters): Promise<Permit> {
  const { signer = client.walletClient, spender, amount, deadline } = parameters;
  const owner = addressOf(signer);
  const domain = await permitDomain(client);
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

/** A signature for another domain would be refused, so it has to be the token's: its own separator decides. */
async function permitDomain(client: NetworkClient): Promise<TypedDataDomain> {
  const { chainId } = client.network;
  const verifyingContract = client.network.contracts.asset;
  const [separator, told, name, version] = await Promise.all([
    orUndefined(separatorOf(client)),
    orUndefined(eip712Domain(client)),
    orUndefined(nameOf(client)),
    orUndefined(versionOf(client)),
  ]);
  const candidates: TypedDataDomain[] = told === undefined ? [] : [domainOf(told)];
  const versions = version === undefined ? USUAL_VERSIONS : [version, ...USUAL_VERSIONS];
  for (const each of versions)
    candidates.push({ ...(name && { name }), version: each, chainId, verifyingContract });
  const found = candidates.find((domain) => domainSeparator({ domain }) === separator);
  if (found !== undefined) return found;
  throw new ContractError({
    code: "NO_PERMIT",
    message: "The asset does not tell for which EIP-712 domain it takes permits.",
    value: separator,
    next: "approve the amount by a transaction instead",
  });
}

/** USDC's is 2; OpenZeppelin's and most others' are 1. */
const USUAL_VERSIONS = ["2", "1"] as const;

const versionAbi = /* @__PURE__ */ parseAbi(["function version() view returns (string)"]);

async function versionOf(client: NetworkClient): Promise<string> {
  const address = client.network.contracts.asset;
  return String(await readCall(client, { address, abi: versionAbi, functionName: "version", args: [] }));
}

/** Which fields a domain has, by the bits of EIP-5267. */
function domainOf([fields, name, version, chainId, verifyingContract, salt]: readonly [
  Hex,
  string,
  string,
  bigint,
  Address,
  Hex,
  ...unknown[],
]): TypedDataDomain {
  const has = (bit: number): boolean => (Number(fields) & (1 << bit)) !== 0;
  return {
    ...(has(0) && { name }),
    ...(has(1) && { version }),
    ...(has(2) && { chainId }),
    ...(has(3) && { verifyingContract }),
    ...(has(4) && { salt }),
  };
}

/** What the token does not tell; an RPC that is away is an error for all that. */
async function orUndefined<value>(asked: Promise<value>): Promise<value | undefined> {
  try {
    return await asked;
  } catch (error) {
    const none =
      error instanceof ContractError || (error instanceof Worker3Error && error.code === "CONTRACT_MISSING");
    if (none) return undefined;
    throw error;
  }
}
