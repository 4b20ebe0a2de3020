import type { Network } from "@worker3/sdk";

/**
 * The network with its HTTP URLs only, where it has any: a WebSocket tells the follower of new heads; whoever just asks
 * needs no connection that stays open.
 */
export function readNetwork(network: Network): Network {
  const [first, ...others] = network.rpcUrls.filter((url) => url.startsWith("http"));
  return first === undefined ? network : { ...network, rpcUrls: [first, ...others] };
}
