import type { Network } from "@worker3/sdk";
import type { Address } from "viem";
import type { Parameters } from "../../ignition/parameters.ts";
import { type Roles, rolesOf } from "../../ignition/rolesOf.ts";
import { addressIn, type ContractName, eachContract } from "./contracts.ts";
import { DeploymentError } from "./DeploymentError.ts";

/** What a deployment has to be: the parameters without gaps, at the addresses of a network file. */
export interface Declared extends Roles {
  readonly chainId: number;
  readonly parameters: Parameters;
  readonly contracts: Readonly<Record<ContractName, Address>>;
  readonly asset: Address;
  /** Unix seconds. */
  readonly genesis: number;
}

/**
 * What is declared for a network. Only a devnet's parameters may leave things out: its deployment gave the roles to
 * accounts of the chain, and made up asset and genesis, which then are those of the network file.
 *
 * @param accounts Of a devnet's chain.
 * @throws {DeploymentError} `PARAMETERS_INCOMPLETE`, `NO_ACCESS_MANAGER`, `NO_CONTRACT`.
 */
export function declare(network: Network, parameters: Parameters, accounts: readonly Address[]): Declared {
  const { chainId, contracts, times } = network;
  return {
    ...requireRoles(parameters, chainId, accounts),
    chainId,
    parameters,
    contracts: eachContract((_, key) => addressIn(network, key)),
    asset: parameters.asset ?? contracts.asset,
    genesis: parameters.times.genesis ?? times.genesis,
  };
}

function requireRoles(parameters: Parameters, chainId: number, accounts: readonly Address[]): Roles {
  try {
    return rolesOf(parameters, { chainId, accounts });
  } catch (cause) {
    throw new DeploymentError({
      code: "PARAMETERS_INCOMPLETE",
      message: cause instanceof Error ? cause.message : String(cause),
      next: "name the parameters of this network: --parameters NAME|FILE",
      cause,
    });
  }
}
