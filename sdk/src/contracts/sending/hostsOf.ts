import type { EIP1193RequestFn, Hash, Hex } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";

/** One of a network's RPCs, asked once: it answers, or throws. */
export type Host = (question: {
  readonly method: string;
  readonly params: readonly unknown[];
}) => Promise<unknown>;

/** The RPCs behind a client, one by one: to each of them a transaction can be handed, and each may know it. */
export function hostsOf({ publicClient }: Pick<NetworkClient, "publicClient">): readonly [Host, ...Host[]] {
  const all: unknown = publicClient.transport.transports;
  const single = Array.isArray(all) ? (all as { request: EIP1193RequestFn }[]) : [];
  // What a transport tries again by itself, it does not tell of.
  const hosts = single.map(
    ({ request }): Host =>
      (question) =>
        request(question as never, { retryCount: 0 }),
  );
  const [first = (question) => publicClient.request(question as never, { retryCount: 0 }), ...others] = hosts;
  return [first, ...others];
}

/** Whether any of the RPCs has the transaction, mined or waiting. Those that do not answer are passed over. */
export async function isKnown(hosts: readonly Host[], hash: Hash): Promise<boolean> {
  const asked = hosts.flatMap((host) =>
    ["eth_getTransactionReceipt", "eth_getTransactionByHash"].map((method) =>
      host({ method, params: [hash] }),
    ),
  );
  const answers = await Promise.allSettled(asked);
  return answers.some((answer) => answer.status === "fulfilled" && isObject(answer.value));
}

/** Hands a signed transaction to an RPC; what it throws is for `judgeSendError`. */
export async function handOver(host: Host, raw: Hex): Promise<void> {
  await host({ method: "eth_sendRawTransaction", params: [raw] });
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
