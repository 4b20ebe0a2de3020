import { type Address, domainSeparator, keccak256, toHex } from "viem";
import type { ContractName } from "./contracts.ts";
import type { Declared } from "./declare.ts";

/** Of the receipts' EIP-712 domain. */
const DOMAIN = { name: "worker3", version: "1" };

type Values = Readonly<Record<string, string>>;

/**
 * What the immutables of each contract have to be, by their names in the source, as `wordText` writes them.
 *
 * @param deployer Who created the contracts and so may bind them; undefined where the chain does not tell.
 */
export function declaredImmutables(
  declared: Declared,
  deployer: Address | undefined,
): Readonly<Record<ContractName, Values>> {
  const { asset, contracts, parameters, nameKeeper } = declared;
  const bound = { BINDER: deployer ?? "the deploying account" };
  const times = timesOf(declared);
  return {
    AccessManager: {},
    NodeRegistry: { ...times, ...bound, ASSET: asset, ALLOW_HTTP: String(parameters.allowHttp) },
    ProjectRegistry: {
      ...times,
      ...bound,
      NODES: contracts.NodeRegistry,
      ZONE: JSON.stringify(parameters.zone),
      NAME_KEEPER: nameKeeper,
      defaultCap: String(parameters.defaultCap),
    },
    CreditEscrow: { ...times, ...bound, ASSET: asset, PROJECTS: contracts.ProjectRegistry },
    UsageSettlement: {
      ...times,
      ...domainOf(declared),
      ASSET: asset,
      NODES: contracts.NodeRegistry,
      PROJECTS: contracts.ProjectRegistry,
      ESCROW: contracts.CreditEscrow,
      MAX_BASE: String(parameters.defaultCap),
    },
  };
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
function domainOf({ chainId, contracts }: Declared): Values {
  const domain = { ...DOMAIN, chainId, verifyingContract: contracts.UsageSettlement };
  return {
    _cachedDomainSeparator: domainSeparator({ domain }),
    _cachedChainId: String(chainId),
    _cachedThis: contracts.UsageSettlement,
    _hashedName: keccak256(toHex(DOMAIN.name)),
    _hashedVersion: keccak256(toHex(DOMAIN.version)),
    _name: JSON.stringify(DOMAIN.name),
    _version: JSON.stringify(DOMAIN.version),
  };
}
