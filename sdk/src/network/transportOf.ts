import { fallback, http, type Transport, webSocket } from "viem";
import { checkAnswers } from "./checkAnswers.ts";
import type { Network } from "./network.ts";

/** How long one request may take before the next RPC, or the next try. */
export const REQUEST_TIMEOUT_MS = 10_000;

/** A transport over the network's RPCs: one after the other where there are several. */
export function transportOf({ rpcUrls }: Pick<Network, "rpcUrls">): Transport {
  const transports = rpcUrls.map((url) =>
    checkAnswers(
      /^wss?:/.test(url)
        ? webSocket(url, { timeout: REQUEST_TIMEOUT_MS })
        : http(url, { timeout: REQUEST_TIMEOUT_MS, retryCount: 2 }),
      new URL(url).host,
    ),
  );
  const [only] = transports;
  return transports.length === 1 && only !== undefined ? only : fallback(transports);
}
