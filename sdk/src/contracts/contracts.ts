import type { Address } from "viem";
import {
  creditEscrowAbi,
  mockUSDAbi,
  nodeRegistryAbi,
  projectRegistryAbi,
  usageSettlementAbi,
} from "../abi/index.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";

/** A contract of the network: where it is and what it can be asked. */
interface Contract<abi> {
  readonly address: Address;
  readonly abi: abi;
}

export function nodeRegistry({ network }: NetworkClient): Contract<typeof nodeRegistryAbi> {
  return { address: network.contracts.nodeRegistry, abi: nodeRegistryAbi };
}

export function projectRegistry({ network }: NetworkClient): Contract<typeof projectRegistryAbi> {
  return { address: network.contracts.projectRegistry, abi: projectRegistryAbi };
}

export function creditEscrow({ network }: NetworkClient): Contract<typeof creditEscrowAbi> {
  return { address: network.contracts.creditEscrow, abi: creditEscrowAbi };
}

export function usageSettlement({ network }: NetworkClient): Contract<typeof usageSettlementAbi> {
  return { address: network.contracts.usageSettlement, abi: usageSettlementAbi };
}

/** The asset by the ABI of an OpenZeppelin ERC-20 with permits. */
export function assetContract({ network }: NetworkClient): Contract<typeof mockUSDAbi> {
  return { address: network.contracts.asset, abi: mockUSDAbi };
}
