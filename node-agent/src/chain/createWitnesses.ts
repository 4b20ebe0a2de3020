import type { Network } from "@worker3/sdk";
import type { PublicClient, Transport } from "viem";
import { createProviders } from "./follow/providers.ts";

/** The hosts of a network's RPC URLs, asked side by side: for what one that errs or lies must not decide alone. */
export interface Witnesses {
  /**
   * What each host says that answers at all, in the network's order.
   *
   * @throws What kept the first of them from answering, where none does.
   */
  ask<answer>(question: (client: PublicClient<Transport>) => Promise<answer>): Promise<answer[]>;
}

/** The hosts of a network, asked over HTTP where they have a URL for it. */
export function createWitnesses(parameters: {
  readonly network: Network;
  /** How long one host may take, in milliseconds. */
  readonly requestTimeoutMs: number;
}): Witnesses {
  const providers = createProviders(parameters);
  return {
    async ask(question) {
      const told = await Promise.allSettled(providers.map(async ({ client }) => question(client)));
      const answers = told.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      const [failed] = told.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
      if (answers.length === 0) throw failed;
      return answers;
    },
  };
}
