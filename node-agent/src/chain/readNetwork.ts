import type { Network } from "@worker3/sdk";

/**
 * The network with its HTTP URLs only, where it has any: a WebSocket tells the follower of new heads; whoever just asks
 * needs no connection that stays open.
 */
export function readNetwork(network: Network): Network {
  const [first, ...others] = network.rpcUrls.filter((url) => url.startsWith("http"));
  return first === undefined ? network : { ...network, rpcUrls: [first, ...others] };
}

/** The network once for each host that it names, in its order: what two of them say was said twice. */
export function networkByHost(network: Network): Network[] {
  const byHost = Map.groupBy(network.rpcUrls, (url) => new URL(url).host);
  return [...byHost.values()].map(([first = network.rpcUrls[0], ...others]) => ({
    ...network,
    rpcUrls: [first, ...others],
  }));
}
