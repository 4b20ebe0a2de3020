import type { Log, PublicClient } from "viem";
import { factContracts } from "../contracts/table.ts";
import { untilAborted } from "../contracts/untilAborted.ts";
import { contractError } from "../errors/contractError.ts";
import { RpcError } from "../errors/errorClasses.ts";
import { addressesOf, type Network } from "../network/network.ts";
import { decodeFacts } from "./decodeFacts.ts";
import type { Fact } from "./Fact.ts";

export interface StreamFactsParameters {
  readonly client: Pick<PublicClient, "getLogs">;
  readonly network: Pick<Network, "contracts" | "deploymentBlock">;
  /** Inclusive; nothing before the network's deployment is asked. */
  readonly fromBlock: bigint;
  /** Inclusive. */
  readonly toBlock: bigint;
  /** How many blocks to ask for at first; 10,000. Halved as often as the RPC refuses, doubled after it agreed. */
  readonly chunkBlocks?: bigint | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The facts of some blocks, complete. */
export interface FactChunk {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
  readonly facts: readonly Fact[];
}

const CHUNK_BLOCKS = 10_000n;

/**
 * Reads the facts of a range of blocks, chunk by chunk in the order of the chain: whoever keeps `toBlock` of the last
 * chunk can go on from there. RPCs limit how many blocks or logs one request may span and say so in many words, so any
 * refusal halves the chunk; only a single block that is refused ends it.
 *
 * The caller sees to reorganisations: ask up to `finalized`, or compare block hashes.
 *
 * @throws {RpcError} The chain cannot be asked.
 * @throws {FactError} A log is no fact of the network.
 */
export async function* streamFacts(parameters: StreamFactsParameters): AsyncGenerator<FactChunk> {
  const { client, network, toBlock, chunkBlocks = CHUNK_BLOCKS, signal } = parameters;
  let size = chunkBlocks;
  let from = parameters.fromBlock > network.deploymentBlock ? parameters.fromBlock : network.deploymentBlock;
  while (from <= toBlock) {
    signal?.throwIfAborted();
    const to = from + size - 1n < toBlock ? from + size - 1n : toBlock;
    const logs = await untilAborted(logsOf(client, network, from, to), signal);
    if (logs === undefined) {
      size = (to - from + 1n) / 2n;
      continue;
    }
    yield { fromBlock: from, toBlock: to, facts: decodeFacts({ network, logs }) };
    from = to + 1n;
    size = size * 2n < chunkBlocks ? size * 2n : chunkBlocks;
  }
}

/** How RPCs say that a range is too long; `RPC_LIMITED` also says "too often", and then halving costs little. */
const TOO_MUCH: ReadonlySet<string> = new Set(["RPC_FAILED", "RPC_TIMEOUT", "RPC_LIMITED"]);

/** The logs that are facts; undefined where the RPC refuses a range that can be halved. */
async function logsOf(
  client: Pick<PublicClient, "getLogs">,
  { contracts }: Pick<Network, "contracts">,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<Log[] | undefined> {
  const address = addressesOf(contracts, factContracts).map(([, at]) => at);
  try {
    return await client.getLogs({ address, fromBlock, toBlock });
  } catch (cause) {
    const error = contractError(cause);
    if (toBlock > fromBlock && error instanceof RpcError && TOO_MUCH.has(error.code)) return undefined;
    throw error;
  }
}
