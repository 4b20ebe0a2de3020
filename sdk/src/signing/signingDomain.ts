import type { Address, TypedDataDomain } from "viem";
import type { MessageName } from "./messages.ts";

/** What of a network a signature is for. A whole `Network` will do. */
export interface SigningNetwork {
  readonly chainId: number;
  readonly contracts: { readonly projectRegistry: Address; readonly usageSettlement: Address };
}

/** The EIP-712 domain of a message: the settlement for batches and releases, the project registry for the others. */
export function signingDomain({ chainId, contracts }: SigningNetwork, name: MessageName): TypedDataDomain {
  const settled = name === "UsageBatch" || name === "Release";
  return {
    name: "worker3",
    version: "1",
    chainId,
    verifyingContract: settled ? contracts.usageSettlement : contracts.projectRegistry,
  };
}
