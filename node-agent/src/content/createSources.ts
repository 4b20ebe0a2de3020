import { Agent } from "undici";
import { createPeerDispatcher } from "../peers/createPeerDispatcher.ts";
import { type ContentSource, gatewaySource } from "./gatewaySource.ts";

export interface CreateSourcesOptions {
  /** Whether other nodes may have private addresses: on a devnet only. */
  readonly allowPrivateAddresses: boolean;
  /** No byte for so long, and the next source is asked. */
  readonly idleTimeoutMs: number;
}

/** Makes sources, and holds the connections to them. */
export interface Sources extends AsyncDisposable {
  /**
   * The sources of one content, in the order in which they are asked.
   *
   * @param peers - endpoints of the project's other replicas, `http(s)://host[:port]`; strangers chose them.
   * @param gateways - from the operator's configuration: wherever they lead is the operator's will.
   */
  of(peers: readonly string[], gateways: readonly string[]): ContentSource[];
}

/** Opens what the sources of one node share. */
export function createSources({ allowPrivateAddresses, idleTimeoutMs }: CreateSourcesOptions): Sources {
  const peerDispatcher = createPeerDispatcher({ allowPrivateAddresses, connectTimeoutMs: idleTimeoutMs });
  const gatewayDispatcher = new Agent({ allowH2: false, connect: { timeout: idleTimeoutMs } });
  return {
    of: (peers, gateways) => [
      ...peers.map((base) => gatewaySource({ base, dispatcher: peerDispatcher, idleTimeoutMs })),
      ...gateways.map((base) => gatewaySource({ base, dispatcher: gatewayDispatcher, idleTimeoutMs })),
    ],
    async [Symbol.asyncDispose]() {
      await Promise.all([peerDispatcher.destroy(), gatewayDispatcher.destroy()]);
    },
  };
}
