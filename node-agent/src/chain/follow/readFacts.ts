import { addressesOf, decodeFacts, type Fact, factContracts, type Network } from "@worker3/sdk";
import type { Hash, Log } from "viem";
import { ChainError } from "../ChainError.ts";
import type { Provider } from "./providers.ts";

export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
  /** The hash of `toBlock` in the chain that the facts shall be of. */
  readonly toHash: Hash;
}

export interface ReadFactsParameters extends BlockRange {
  readonly network: Pick<Network, "contracts">;
  readonly provider: Provider;
  /** A second opinion, where there is one. */
  readonly witness: Provider | undefined;
}

/**
 * The facts of some blocks, in order. Where there are two providers both have to say the same: an RPC could leave out a
 * log, or make one up.
 *
 * @throws {ChainError} `RPC_LIES`: a log of another block or contract; `RPC_DISAGREE`: the providers tell different
 *   stories; `CHAIN_MOVED`: the range is no longer of that chain.
 * @throws {FactError} A log is no fact of the network.
 */
export async function readFacts(parameters: ReadFactsParameters): Promise<Fact[]> {
  const { network, provider, witness, toBlock, toHash } = parameters;
  const [logs, other] = await Promise.all([
    logsOf(provider, parameters),
    witness === undefined ? undefined : logsOf(witness, parameters),
  ]);
  for (const log of logs) checkPlace(log, parameters);
  // One block was asked for by its hash; a range by its numbers, and those may have moved.
  if (parameters.fromBlock < toBlock && (await hashAt(provider, toBlock)) !== toHash) {
    throw new ChainError({
      code: "CHAIN_MOVED",
      message: "the chain was reorganised while it was read",
      value: `block ${toBlock}`,
      next: "nothing: the agent reads it again",
    });
  }
  if (other !== undefined && witness !== undefined) checkAgree(logs, other, parameters, witness);
  return decodeFacts({ network, logs });
}

async function hashAt({ client }: Provider, blockNumber: bigint): Promise<Hash> {
  return (await client.getBlock({ blockNumber })).hash;
}

function logsOf(
  { client }: Provider,
  { network: { contracts }, fromBlock, toBlock, toHash }: ReadFactsParameters,
): Promise<Log[]> {
  const address = addressesOf(contracts, factContracts).map(([, at]) => at);
  return fromBlock === toBlock
    ? client.getLogs({ address, blockHash: toHash })
    : client.getLogs({ address, fromBlock, toBlock });
}

function checkPlace(log: Log, { fromBlock, toBlock, toHash, provider }: ReadFactsParameters): void {
  const { blockNumber, blockHash } = log;
  const outside = blockNumber === null || blockNumber < fromBlock || blockNumber > toBlock;
  if (!outside && (blockNumber !== toBlock || blockHash === toHash)) return;
  throw new ChainError({
    code: "RPC_LIES",
    message: `${provider.name} was asked for the logs of blocks ${fromBlock} to ${toBlock} and gave one of another`,
    value: `block ${blockNumber} ${blockHash}, log ${log.logIndex}`,
    next: "name another RPC in the network file of node.json",
  });
}

function checkAgree(
  logs: readonly Log[],
  others: readonly Log[],
  { fromBlock, toBlock, provider }: ReadFactsParameters,
  witness: Provider,
): void {
  const textOf = ({ address, topics, data, blockHash, logIndex, transactionHash }: Log) =>
    JSON.stringify([address.toLowerCase(), topics, data, blockHash, logIndex, transactionHash]);
  const mine = logs.map(textOf).sort();
  const theirs = others.map(textOf).sort();
  const index = mine.findIndex((text, i) => text !== theirs[i]);
  if (index === -1 && mine.length === theirs.length) return;
  const value = mine[index === -1 ? theirs.length : index] ?? theirs[mine.length] ?? "";
  throw new ChainError({
    code: "RPC_DISAGREE",
    message: `${provider.name} and ${witness.name} tell different logs of blocks ${fromBlock} to ${toBlock}`,
    value,
    next: "find out which of the two is wrong, and replace it in the network file of node.json",
  });
}
