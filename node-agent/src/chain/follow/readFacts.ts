import { setTimeout as wait } from "node:timers/promises";
import { decodeFacts, type Fact, type Network } from "@worker3/sdk";
import { formatLog, type Hash, type Log, numberToHex, type PublicClient } from "viem";
import { ChainError } from "../ChainError.ts";
import { type Header, headerOf } from "./headers.ts";
import { everythingOf, isOfOthers, isWanted, type LogFilter, logFilters, tellsOf } from "./logFilters.ts";
import { askEach, asking, type Provider } from "./providers.ts";

export interface FactSource {
  readonly network: Pick<Network, "contracts">;
  /** The node whose receipts are asked for. */
  readonly nodeId: number;
  readonly provider: Provider;
  /** A second opinion, where there is one. */
  readonly witness: Provider | undefined;
  readonly signal: AbortSignal;
}

export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/**
 * The facts of a range of blocks, in order. Where there are two providers both have to say the same: an RPC could leave out
 * a log, or make one up.
 *
 * An RPC may be many machines, and the one that is asked for logs may lack the last blocks of the range, of which it says
 * nothing: so the range has to end well below the head, and its last block is asked for in the same request.
 *
 * @returns The facts, and the last block.
 * @throws {RpcError} A provider cannot be asked, or `RPC_LIES`: a log of another block or contract.
 * @throws {ChainError} `RPC_DISAGREE`: the providers tell different stories.
 * @throws {FactError} A log is no fact of the network.
 */
export async function readRangeFacts(
  source: FactSource,
  range: BlockRange,
): Promise<{ facts: Fact[]; last: Header }> {
  const { network, provider, witness } = source;
  const filters = logFilters(network, source.nodeId);
  const ask = (of: Provider) => askInRange(of, filters, range, source.signal);
  const [mine, theirs] = await Promise.all([ask(provider), witness === undefined ? undefined : ask(witness)]);
  if (theirs !== undefined && witness !== undefined) {
    if (mine.last.hash !== theirs.last.hash) throw disagree(provider, witness, range, mine.last.hash);
    checkAgree(mine.logs, theirs.logs, { provider, witness, range });
  }
  return { facts: decodeFacts({ network, logs: mine.logs }), last: mine.last };
}

/**
 * The facts of single blocks, in order, each asked by its hash: whoever lacks the block cannot answer. A block that says in
 * its header that it has no log of ours is not asked about.
 *
 * @param headers In the order of the chain; what two providers agreed on, where there are two.
 * @throws as `readRangeFacts` does.
 */
export async function readBlockFacts(source: FactSource, headers: readonly Header[]): Promise<Fact[]> {
  const { network, nodeId, provider, witness, signal } = source;
  const filters = logFilters(network, nodeId);
  const asked = headers
    .filter(({ transactions }) => transactions !== 0)
    .flatMap((header) => blockQuestions(header, filters, provider.learnt));
  const ask = (of: Provider) =>
    asking(of, async () => {
      const answers = await askEach(of, asked, (client, { header, filter }) =>
        getLogs(client, filter, { blockHash: header.hash }),
      );
      const all: Log[] = [];
      for (const [i, { header, filter }] of asked.entries()) {
        const again = () => getLogs(of.client, filter, { blockHash: header.hash });
        const logs = await undoubted(header, filter, answers[i] ?? [], again, signal);
        for (const log of logs) if (log.blockHash !== header.hash) throw lies(of, log, [header]);
        all.push(...wantedOf(logs, filters, of.learnt));
      }
      return all;
    });
  const [mine, theirs] = await Promise.all([ask(provider), witness === undefined ? undefined : ask(witness)]);
  const [first, last] = [headers.at(0), headers.at(-1)];
  if (theirs !== undefined && witness !== undefined && first !== undefined && last !== undefined)
    checkAgree(mine, theirs, { provider, witness, range: { fromBlock: first.number, toBlock: last.number } });
  return decodeFacts({ network, logs: mine });
}

interface BlockQuestion {
  readonly header: Header;
  readonly filter: LogFilter;
}

/**
 * So many bytes are what several questions about a block cost more than one for everything. Where other nodes' logs are fewer,
 * everything is asked.
 */
const QUESTIONS_BYTES = 1_000;
/** Over so many blocks the bytes of others' logs are averaged. */
const AVERAGED_BLOCKS = 1_024;

/**
 * What to ask about a block: nothing where its header says that there is nothing, else by topic. Where the chain is so busy that
 * its headers tell nothing, all of the questions would be asked about each block: then one, for everything, unless that brings
 * more of other nodes' receipts than the questions save. That is found out by reading some of them.
 */
function blockQuestions(
  header: Header,
  filters: readonly LogFilter[],
  learnt: Provider["learnt"],
): BlockQuestion[] {
  const possible = filters.filter((filter) => tellsOf(header.logsBloom, filter) !== false);
  const isTold = possible.every((filter) => tellsOf(header.logsBloom, filter) === true);
  learnt.othersBytes -= learnt.othersBytes / AVERAGED_BLOCKS;
  const isOneCheaper = possible.length > 1 && !isTold && learnt.othersBytes < QUESTIONS_BYTES;
  return (isOneCheaper ? [everythingOf(filters)] : possible).map((filter) => ({ header, filter }));
}

/** Those of some logs that are asked for by topic; of the others it is noted how many they are. */
function wantedOf(logs: readonly Log[], filters: readonly LogFilter[], learnt: Provider["learnt"]): Log[] {
  return logs.filter((log) => {
    const isOthers = isOfOthers(filters, log);
    if (isOthers)
      learnt.othersBytes += (log.data.length + log.topics.length * LOG_TOPIC_BYTES) / AVERAGED_BLOCKS;
    return !isOthers;
  });
}

/** A topic as JSON. */
const LOG_TOPIC_BYTES = 69;

async function askInRange(
  provider: Provider,
  filters: readonly LogFilter[],
  range: BlockRange,
  signal: AbortSignal,
): Promise<{ logs: Log[]; last: Header }> {
  const { fromBlock, toBlock } = range;
  return asking(provider, async () => {
    const answers = await askEach(provider, [...filters, "last"] as const, async (client, what) =>
      what === "last"
        ? headerOf(await client.getBlock({ blockNumber: toBlock }))
        : getLogs(client, what, range),
    );
    const last = answers.pop();
    if (last === undefined || Array.isArray(last))
      throw new TypeError("the answers are in the order of the questions");
    const all: Log[] = [];
    for (const [i, filter] of filters.entries()) {
      const logs = answers[i];
      if (!Array.isArray(logs)) throw new TypeError("the answers are in the order of the questions");
      for (const log of logs) {
        const { blockNumber, blockHash } = log;
        const isInside = blockNumber !== null && blockNumber >= fromBlock && blockNumber <= toBlock;
        if (!isInside || (blockNumber === toBlock && blockHash !== last.hash))
          throw lies(provider, log, [last]);
      }
      const ofLast = logs.filter(({ blockNumber }) => blockNumber === toBlock);
      const again = () => getLogs(provider.client, filter, { blockHash: last.hash });
      const known = new Set<number | null>(ofLast.map(({ logIndex }) => logIndex));
      const missed = (await undoubted(last, filter, ofLast, again, signal)).filter(
        ({ logIndex }) => !known.has(logIndex),
      );
      all.push(...logs, ...missed);
    }
    return { logs: all, last };
  });
}

/** The logs that a filter asks for. viem's own question takes events, of which one cannot ask for a topic of several. */
async function getLogs(
  client: Pick<PublicClient, "request">,
  filter: LogFilter,
  at: BlockRange | { readonly blockHash: Hash },
): Promise<Log[]> {
  const where =
    "blockHash" in at
      ? { blockHash: at.blockHash }
      : { fromBlock: numberToHex(at.fromBlock), toBlock: numberToHex(at.toBlock) };
  const address = [...filter.address];
  const topics = filter.topics.map((values) => (values === null ? null : [...values]));
  const what = topics.length === 0 ? { address } : { address, topics };
  const logs = await client.request({ method: "eth_getLogs", params: [{ ...what, ...where }] });
  return logs.map((log) => formatLog(log)).filter((log) => isWanted(filter, log));
}

const DOUBTS = 3;
const DOUBT_MS = 250;

/** The logs of a block: where there are none although its header says so, they are asked for again. */
async function undoubted(
  { logsBloom }: Header,
  filter: LogFilter,
  logs: Log[],
  again: () => Promise<Log[]>,
  signal: AbortSignal,
): Promise<Log[]> {
  if (logs.length > 0 || tellsOf(logsBloom, filter) !== true) return logs;
  for (let i = 0; i < DOUBTS; i++) {
    await wait(DOUBT_MS * i, undefined, { signal });
    const asked = await again();
    if (asked.length > 0) return asked;
  }
  // The filter in a header is wrong now and then: it says yes to some blocks that have nothing.
  return logs;
}

function lies(
  { name }: Provider,
  { blockNumber, blockHash, logIndex }: Log,
  asked: readonly Header[],
): ChainError {
  return new ChainError({
    code: "RPC_LIES",
    message: `${name} was asked for the logs up to block ${asked.at(-1)?.number} and gave one of another`,
    value: `block ${blockNumber} ${blockHash}, log ${logIndex}`,
    next: "name another RPC in the network file of node.json",
  });
}

function checkAgree(
  logs: readonly Log[],
  others: readonly Log[],
  { provider, witness, range }: { provider: Provider; witness: Provider; range: BlockRange },
): void {
  const textOf = ({ address, topics, data, blockHash, logIndex, transactionHash }: Log) =>
    JSON.stringify([address.toLowerCase(), topics, data, blockHash, logIndex, transactionHash]);
  const mine = logs.map(textOf).sort();
  const theirs = others.map(textOf).sort();
  const index = mine.findIndex((text, i) => text !== theirs[i]);
  if (index === -1 && mine.length === theirs.length) return;
  const value = mine[index === -1 ? theirs.length : index] ?? theirs[mine.length] ?? "";
  throw disagree(provider, witness, range, value);
}

function disagree(
  { name }: Provider,
  witness: Provider,
  { fromBlock, toBlock }: BlockRange,
  value: string | Hash,
): ChainError {
  return new ChainError({
    code: "RPC_DISAGREE",
    message: `${name} and ${witness.name} tell different logs of blocks ${fromBlock} to ${toBlock}`,
    value,
    next: "find out which of the two is wrong, and replace it in the network file of node.json",
  });
}
