import { contractTable, deployedContracts, epochAt } from "@worker3/sdk";
import { type Address, domainSeparator, keccak256, toHex, zeroAddress } from "viem";
import type { ContractName } from "./contracts.ts";
import type { Declared } from "./declare.ts";

/** Of the receipts' EIP-712 domain. */
const DOMAIN = { name: "worker3", version: "1" };

type Values = Readonly<Record<string, string>>;

/** How the contracts came to be. */
export interface Created {
  /** Who created them, and so may bind them. */
  readonly deployer: Address | undefined;
  /** When the names were, in Unix seconds. */
  readonly namesAt: number | undefined;
}

/**
 * What the immutables of a contract have to be, by their names in the source, as `wordText` writes them. A name means the
 * same in every contract: `NODES` is the address of the contract that the table of contracts calls `nodes`.
 *
 * @param created By whom and when; undefined where the chain does not tell.
 */
export function declaredImmutables(contract: ContractName, declared: Declared, created: Created): Values {
  const { asset, contracts, parameters, nameKeeper } = declared;
  const addresses = deployedContracts.map((key) => {
    const { name, alias } = contractTable[key];
    return [alias.toUpperCase(), contracts[name]];
  });
  return {
    ...timesOf(declared),
    ...domainOf(declared, contracts[contract]),
    ...Object.fromEntries(addresses),
    ASSET: asset,
    BINDER: created.deployer ?? "the deploying account",
    PREDECESSOR: parameters.predecessor ?? zeroAddress,
    KEPT_UNTIL: keptUntil(declared, created),
    ALLOW_HTTP: String(parameters.allowHttp),
    ZONE: JSON.stringify(parameters.zone),
    NAME_KEEPER: nameKeeper,
    defaultCap: String(parameters.defaultCap),
    MAX_BASE: String(parameters.defaultCap),
  };
}

/** Of `NameRegistry`: names are kept for some epochs from its creation on. */
function keptUntil({ genesis, parameters }: Declared, { namesAt }: Created): string {
  const { predecessor, keptEpochs = 0, times } = parameters;
  if (predecessor === undefined) return "0";
  if (namesAt === undefined) return `${keptEpochs} epochs after the creation`;
  return String(epochAt({ ...times, genesis }, namesAt) + keptEpochs);
}

/** Of `EpochClock`. */
function timesOf({ genesis, parameters: { times } }: Declared): Values {
  return {
    GENESIS: String(genesis),
    EPOCH_SECONDS: String(times.epochSeconds),
    LATE: String(times.late),
    DISPUTE: String(times.dispute),
    DECIDE: String(times.decide),
    CREDIT_THAW: String(times.creditThaw),
    STAKE_THAW: String(times.stakeThaw),
  };
}

/** Of OpenZeppelin's `EIP712`. */
function domainOf({ chainId }: Declared, verifyingContract: Address): Values {
  const domain = { ...DOMAIN, chainId, verifyingContract };
  return {
    _cachedDomainSeparator: domainSeparator({ domain }),
    _cachedChainId: String(chainId),
    _cachedThis: verifyingContract,
    _hashedName: keccak256(toHex(DOMAIN.name)),
    _hashedVersion: keccak256(toHex(DOMAIN.version)),
    _name: JSON.stringify(DOMAIN.name),
    _version: JSON.stringify(DOMAIN.version),
  };
}
