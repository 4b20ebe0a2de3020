import type { Kubo } from "@worker3/sdk/node";
import { Agent } from "undici";
import {
  createEndpointBelief,
  type EndpointBeliefOptions,
  type Peer,
} from "../peers/createEndpointBelief.ts";
import { createPeerDispatcher } from "../peers/createPeerDispatcher.ts";
import { type ContentSource, gatewaySource } from "./gatewaySource.ts";
import { kuboSource } from "./kuboSource.ts";
import { provenSource } from "./provenSource.ts";

export interface CreateSourcesOptions extends Pick<EndpointBeliefOptions, "network" | "publicClient"> {
  /** Whether other nodes may have private addresses: on a devnet only. */
  readonly allowPrivateAddresses: boolean;
  /** What shows another node who asks it for a path; absent: nothing. */
  readonly headersFor?: ((nodeId: number, path: string) => Promise<Record<string, string>>) | undefined;
  /** An IPFS daemon of the operator's own, asked last: what it does not have it looks for as long as it is let. */
  readonly kubo?: Kubo | undefined;
  /** No byte for so long, and the next source is asked. */
  readonly idleTimeoutMs: number;
}

/** Makes sources, and holds the connections to them. */
export interface Sources extends AsyncDisposable {
  /**
   * The sources of one content, in the order in which they are asked.
   *
   * @param peers - the project's other replicas; strangers chose their endpoints, which have to prove themselves.
   * @param gateways - from the operator's configuration: wherever they lead is the operator's will.
   */
  of(peers: readonly Peer[], gateways: readonly string[]): ContentSource[];
}

/** Opens what the sources of one node share. */
export function createSources(options: CreateSourcesOptions): Sources {
  const { allowPrivateAddresses, idleTimeoutMs, headersFor, kubo } = options;
  const peerDispatcher = createPeerDispatcher({ allowPrivateAddresses, connectTimeoutMs: idleTimeoutMs });
  const believe = createEndpointBelief({ ...options, dispatcher: peerDispatcher, timeoutMs: idleTimeoutMs });
  const gatewayDispatcher = new Agent({ allowH2: false, connect: { timeout: idleTimeoutMs } });
  return {
    of: (peers, gateways) => [
      ...peers.map((peer) =>
        provenSource(
          gatewaySource({
            base: peer.endpoint,
            dispatcher: peerDispatcher,
            idleTimeoutMs,
            headersFor: headersFor && ((path) => headersFor(peer.nodeId, path)),
          }),
          (signal) => believe(peer, signal),
        ),
      ),
      ...gateways.map((base) => gatewaySource({ base, dispatcher: gatewayDispatcher, idleTimeoutMs })),
      ...(kubo === undefined ? [] : [kuboSource(kubo)]),
    ],
    async [Symbol.asyncDispose]() {
      await Promise.all([peerDispatcher.destroy(), gatewayDispatcher.destroy()]);
    },
  };
}
