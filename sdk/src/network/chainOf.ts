import { type Chain, defineChain } from "viem";
import type { Network } from "./network.ts";

/** The network's chain as viem knows chains. */
export function chainOf(network: Pick<Network, "chainId" | "rpcUrls" | "zone" | "contracts">): Chain {
  const { multicall3 } = network.contracts;
  return defineChain({
    id: network.chainId,
    name: `worker3 ${network.zone}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    ...(multicall3 === undefined ? {} : { contracts: { multicall3: { address: multicall3 } } }),
    rpcUrls: { default: { http: [...network.rpcUrls] } },
  });
}
