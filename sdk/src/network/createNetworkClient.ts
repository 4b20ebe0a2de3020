import { type Chain, createPublicClient, type PublicClient, type Transport } from "viem";
import { chainOf } from "./chainOf.ts";
import type { Network } from "./network.ts";
import { createOwnWrites, type OwnWrites } from "./ownWrites.ts";
import { readOwnWrites } from "./readOwnWrites.ts";
import { transportOf } from "./transportOf.ts";

/** What reads take: a network and a client of its chain. */
export interface NetworkClient {
  readonly network: Network;
  readonly publicClient: PublicClient<Transport, Chain>;
  /** What was written through it, or through others that share this: reads never show what was before. */
  readonly ownWrites: OwnWrites;
}

export interface CreateNetworkClientParameters {
  readonly network: Network;
  /** Instead of the network's RPCs. */
  readonly transport?: Transport | undefined;
  /** How often a wait for a transaction asks; 1 s, on this machine's own chain 100 ms. */
  readonly pollingMs?: number | undefined;
  /** Shared by clients of one program, of which one reads what the other wrote; its own by default. */
  readonly ownWrites?: OwnWrites | undefined;
  /** How long to wait for an RPC that lacks the block of an own transaction; 30,000 ms. */
  readonly behindMs?: number | undefined;
}

/** Bytes of calldata in one call of many reads, by a multicall contract. */
const BATCH_BYTES = 16_384;
/**
 * The same without such a contract. Then the code that splits the reads is sent along as that of a new contract, which
 * limits the question to 48 KiB (EIP-3860) and all answers together to 24 KiB (EIP-170): 128 reads without arguments,
 * or 14 projects.
 */
const DEPLOYLESS_BATCH_BYTES = 512;

/**
 * A client that reads. Reads of one moment share calls; the chain needs no contract for that, though one
 * (`contracts.multicall3`) lets more of them share.
 */
export function createNetworkClient({
  network,
  transport = transportOf(network),
  pollingMs = pollingOf(network),
  ownWrites = createOwnWrites(),
  behindMs,
}: CreateNetworkClientParameters): NetworkClient {
  const deployless = network.contracts.multicall3 === undefined;
  const publicClient = createPublicClient({
    chain: chainOf(network),
    transport: readOwnWrites(transport, ownWrites, { patienceMs: behindMs }),
    pollingInterval: pollingMs,
    // Else a block's number is as old as the last poll: after an own transaction, before it.
    cacheTime: 0,
    // A contract of a stranger could name addresses for this machine to ask (EIP-3668); those of worker3 do not.
    ccipRead: false,
    batch: { multicall: { deployless, batchSize: deployless ? DEPLOYLESS_BATCH_BYTES : BATCH_BYTES } },
  });
  return { network, publicClient, ownWrites };
}

function pollingOf({ rpcUrls }: Network): number {
  return /^(127\.0\.0\.1|localhost|\[::1\])$/.test(new URL(rpcUrls[0]).hostname) ? 100 : 1_000;
}
