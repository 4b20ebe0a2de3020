import type { Network } from "@worker3/sdk";

/** Those of Anvil and Hardhat, and of Geth's developer mode. */
const LOCAL_CHAINS: ReadonlySet<number> = new Set([31_337, 1_337]);

/** Whether a network is a devnet of this machine, where no money is: by the number of its chain, and by where its RPCs are. */
export function isLocalNetwork({ chainId, rpcUrls }: Pick<Network, "chainId" | "rpcUrls">): boolean {
  return LOCAL_CHAINS.has(chainId) && rpcUrls.every(isLoopback);
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  // A URL's IPv4 address is in its four parts, however it was written.
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** The hosts of a network's RPCs: the path of such an address often holds a key. */
export function rpcHosts({ rpcUrls }: Pick<Network, "rpcUrls">): string {
  return rpcUrls.map((url) => new URL(url).host).join(", ");
}
