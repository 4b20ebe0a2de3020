import { type Chain, createPublicClient, type PublicClient, type Transport } from "viem";
import { chainOf } from "./chainOf.ts";
import type { Network } from "./network.ts";
import { transportOf } from "./transportOf.ts";

/** What reads take: a network and a client of its chain. */
export interface NetworkClient {
  readonly network: Network;
  readonly publicClient: PublicClient<Transport, Chain>;
}

export interface CreateNetworkClientParameters {
  readonly network: Network;
  /** Instead of the network's RPCs. */
  readonly transport?: Transport | undefined;
  /** How often a wait for a transaction asks; 1 s, on this machine's own chain 100 ms. */
  readonly pollingMs?: number | undefined;
}

/** Bytes of calldata in one call of many reads; its code is sent along and both have to fit 48 KiB (EIP-3860). */
const BATCH_BYTES = 16_384;

/**
 * A client that reads. Reads of one moment go in one call, with no contract deployed for it: the code that splits them
 * is sent along.
 */
export function createNetworkClient({
  network,
  transport = transportOf(network),
  pollingMs = pollingOf(network),
}: CreateNetworkClientParameters): NetworkClient {
  const publicClient = createPublicClient({
    chain: chainOf(network),
    transport,
    pollingInterval: pollingMs,
    batch: { multicall: { deployless: true, batchSize: BATCH_BYTES } },
  });
  return { network, publicClient };
}

function pollingOf({ rpcUrls }: Network): number {
  return /^(127\.0\.0\.1|localhost|\[::1\])$/.test(new URL(rpcUrls[0]).hostname) ? 100 : 1_000;
}
