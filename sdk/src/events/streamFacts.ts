import type { PublicClient } from "viem";
import { factContracts } from "../contracts/table.ts";
import { addressesOf, type Network } from "../network/network.ts";
import { decodeFacts } from "./decodeFacts.ts";
import type { Fact } from "./Fact.ts";
import { type BlockRange, streamRange } from "./readRange.ts";

export interface StreamFactsParameters extends BlockRange {
  readonly client: Pick<PublicClient, "getLogs">;
  /** Nothing before its deployment is asked. */
  readonly network: Pick<Network, "contracts" | "deploymentBlock">;
  /** How many blocks to ask for at once; 10,000. Fewer where the RPC refuses. */
  readonly chunkBlocks?: bigint | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The facts of some blocks, complete. */
export interface FactChunk extends BlockRange {
  readonly facts: readonly Fact[];
}

const CHUNK_BLOCKS = 10_000n;

/**
 * Reads the facts of a range of blocks, chunk by chunk in the order of the chain: whoever keeps `toBlock` of the last
 * chunk can go on from there. What an RPC refuses is asked in smaller pieces, see `readRange`.
 *
 * The caller sees to reorganisations: ask up to `finalized`, or compare block hashes.
 *
 * @throws {RpcError} The chain cannot be asked.
 * @throws {FactError} A log is no fact of the network.
 */
export async function* streamFacts(parameters: StreamFactsParameters): AsyncGenerator<FactChunk> {
  const { client, network, toBlock, chunkBlocks = CHUNK_BLOCKS, signal } = parameters;
  const { deploymentBlock } = network;
  const fromBlock = parameters.fromBlock > deploymentBlock ? parameters.fromBlock : deploymentBlock;
  const address = addressesOf(network.contracts, factContracts).map(([, at]) => at);
  const ask = (range: BlockRange) => client.getLogs({ address, ...range });
  for await (const { answer, ...range } of streamRange({ fromBlock, toBlock }, ask, {
    chunkBlocks,
    signal,
  })) {
    yield { ...range, facts: decodeFacts({ network, logs: answer }) };
  }
}
