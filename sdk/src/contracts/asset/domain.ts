import { type Address, domainSeparator, type Hex, parseAbi, type TypedDataDomain } from "viem";
import { asset } from "../../abi/contracts.ts";
import { ContractError } from "../../errors/errorClasses.ts";
import { Worker3Error } from "../../errors/Worker3Error.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { defineView } from "../define.ts";
import { readCall } from "../read.ts";

const eip712Domain = /* @__PURE__ */ defineView({ contract: asset, functionName: "eip712Domain" });
const separatorOf = /* @__PURE__ */ defineView({ contract: asset, functionName: "DOMAIN_SEPARATOR" });
const nameOf = /* @__PURE__ */ defineView({ contract: asset, functionName: "name" });

/**
 * The EIP-712 domain for which the asset takes permits and authorizations: the one that its own `DOMAIN_SEPARATOR` is of, as it
 * tells it (EIP-5267), or as its name and version make it, as of USDC. A signature for another domain would be refused, so the
 * separator decides.
 *
 * @throws {ContractError} `NO_ASSET_DOMAIN`: none is found.
 */
export async function assetDomain(client: NetworkClient): Promise<TypedDataDomain> {
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
    code: "NO_ASSET_DOMAIN",
    message: "The asset does not tell for which EIP-712 domain it takes signatures.",
    value: separator,
    next: "approve the amount by a transaction, and deposit it by another",
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
