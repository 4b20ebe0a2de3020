import type { Hash, TransactionReceipt } from "viem";
import { awaitReceipt } from "../contracts/sending/awaitReceipt.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";

/** Any client of viem's. */
interface Asker {
  readonly transport: object;
  readonly request: (...question: never[]) => Promise<unknown>;
}

const LOOK_MS = 20;
const TIMEOUT_MS = 30_000;

/**
 * The receipt of a transaction that a test sent by viem alone. viem's own wait looks once and then at each block: where a
 * chain mines for each transaction, and tells of the block a moment before the receipt, it waits for ever.
 */
export function minedReceipt(
  { transport, request }: Asker,
  hash: Hash,
  { timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<TransactionReceipt> {
  const publicClient = {
    transport,
    request,
    pollingInterval: LOOK_MS,
  } as unknown as NetworkClient["publicClient"];
  return awaitReceipt({ publicClient }, { hash }, { timeoutMs, signal: undefined });
}
