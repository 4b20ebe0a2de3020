import { createNetworkClient, type Network, type NetworkClient } from "@worker3/sdk";
import { fallback, http, webSocket } from "viem";

/** The hosts of a network's RPC URLs, asked side by side: for what one that errs or lies must not decide alone. */
export interface Witnesses {
  /** One for each host, in the network's order. */
  readonly clients: readonly NetworkClient[];
  /**
   * What each host says that answers in time, in the network's order.
   *
   * @throws What kept the first of them from answering, where none does.
   */
  ask<answer>(question: (client: NetworkClient) => Promise<answer>): Promise<answer[]>;
}

export interface WitnessesParameters {
  readonly network: Network;
  /** How long one request may take, in milliseconds. */
  readonly requestTimeoutMs: number;
}

/** The hosts of a network. URLs of one host are one: two of them agreeing says nothing. */
export function createWitnesses({ network, requestTimeoutMs: timeout }: WitnessesParameters): Witnesses {
  const byHost = Map.groupBy(network.rpcUrls, (url) => new URL(url).host);
  const clients = Array.from(byHost.values(), (urls) => {
    const transports = urls.map((url) =>
      url.startsWith("ws") ? webSocket(url, { timeout }) : http(url, { timeout, retryCount: 0 }),
    );
    return createNetworkClient({ network, transport: fallback(transports, { retryCount: 0 }) });
  });
  return {
    clients,
    async ask(question) {
      const told = await Promise.allSettled(clients.map(async (client) => question(client)));
      const answers = told.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      const [failed] = told.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
      if (answers.length === 0) throw failed;
      return answers;
    },
  };
}
