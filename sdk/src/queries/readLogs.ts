import { contractError } from "../errors/contractError.ts";
import { RpcError } from "../errors/errorClasses.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";

export interface BlockRange {
  readonly fromBlock: bigint;
  /** Inclusive. */
  readonly toBlock: bigint;
}

export interface ReadLogsParameters<log> {
  /** Asks for the logs of a range; usually `readEvents` with indexed arguments, so that little comes back. */
  readonly ask: (range: BlockRange) => Promise<readonly log[]>;
  readonly signal?: AbortSignal | undefined;
}

/** How RPCs say that a range is too long. */
const TOO_MUCH: ReadonlySet<string> = new Set(["RPC_FAILED", "RPC_TIMEOUT", "RPC_LIMITED"]);

/**
 * The logs that a question finds from the network's first block to the newest, in the chain's order. Asks for all blocks
 * at once; an RPC that refuses is asked for half as many, again and again.
 *
 * @throws {RpcError} The chain cannot be asked; what `ask` throws.
 */
export async function readLogs<log>(
  { network, publicClient }: NetworkClient,
  { ask, signal }: ReadLogsParameters<log>,
): Promise<log[]> {
  const found: log[] = [];
  let fromBlock = network.deploymentBlock;
  try {
    const newest = await publicClient.getBlockNumber();
    let size = newest - fromBlock + 1n;
    while (fromBlock <= newest) {
      signal?.throwIfAborted();
      const end = fromBlock + size - 1n;
      const toBlock = end < newest ? end : newest;
      const logs = await ask({ fromBlock, toBlock }).catch((cause: unknown) => {
        const error = contractError(cause);
        if (size > 1n && error instanceof RpcError && TOO_MUCH.has(error.code)) return undefined;
        throw error;
      });
      if (logs === undefined) {
        size = (size + 1n) / 2n;
        continue;
      }
      found.push(...logs);
      fromBlock = toBlock + 1n;
    }
  } catch (cause) {
    throw contractError(cause);
  }
  return found;
}
