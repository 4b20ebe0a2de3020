import { type Chain, defineChain } from "viem";
import type { Network } from "./network.ts";

/** The network's chain as viem knows chains. */
export function chainOf(network: Pick<Network, "chainId" | "rpcUrls" | "zone">): Chain {
  return defineChain({
    id: network.chainId,
    name: `worker3 ${network.zone}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [...network.rpcUrls] } },
  });
}
