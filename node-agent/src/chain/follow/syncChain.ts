import { type Fact, type Network, readRange } from "@worker3/sdk";
import type { Logger } from "pino";
import type { Checkpoint } from "../../ledger/checkpointTable.ts";
import { applyFacts, type ChainTables, rollbackFacts } from "../applyFacts.ts";
import { ChainError } from "../ChainError.ts";
import { checkpointOf } from "./finalBlock.ts";
import { findCursor } from "./forks.ts";
import { type AgreedHead, type Header, headerOf } from "./headers.ts";
import type { Identity } from "./identity.ts";
import { askEach, asking, type Pair } from "./providers.ts";
import { readBlockFacts, readRangeFacts } from "./readFacts.ts";

export interface SyncChainParameters extends Pair {
  readonly tables: ChainTables;
  readonly network: Network;
  readonly nodeId: number;
  /** The block to go on to. */
  readonly head: AgreedHead["head"];
  readonly final: Checkpoint | undefined;
  readonly identity: Identity;
  /** Blocks asked for at once at most; fewer where there are many facts, and when the RPC refuses. */
  readonly chunkBlocks: number;
  readonly signal: AbortSignal;
  readonly logger: Pick<Logger, "warn">;
  /** The ledger has the facts up to a block. */
  readonly onBooked: (to: Checkpoint) => void;
}

/** What the chain said could not be kept: not the chain's fault, and no RPC would do better. */
export class BookingError extends Error {
  constructor(cause: unknown) {
    super("the ledger failed", { cause });
  }
}

/**
 * So many of the newest blocks are read one by one, by their hashes: of a range, the machine behind an RPC that is asked may
 * lack the last ones, and leave them out without a word.
 */
const NEAR_BLOCKS = 256n;

/**
 * Brings the ledger up to `head`: goes back to the common ancestor where the chain was reorganised, then books what came
 * since, chunk by chunk. Whatever interrupts it, the ledger holds the facts up to its newest checkpoint.
 *
 * @throws {RpcError | ChainError | FactError} as `findCursor` and `readRangeFacts`; nothing of the chunk at hand is
 *   booked then.
 * @throws {BookingError} The ledger failed.
 */
export async function syncChain(parameters: SyncChainParameters): Promise<void> {
  const { onBooked, tables, nodeId } = parameters;
  for await (const { to, facts } of readChunks(parameters, await goBack(parameters))) {
    inLedger(() => applyFacts(tables, { facts, checkpoint: to, nodeId }));
    onBooked(to);
  }
}

/** So many facts are read again at most: they are in memory until all of them are there. */
const MOST_REREAD = 500_000;

/**
 * Reads again what came after a block, and puts that in the place of what the ledger has of it, all at once: no reader meets
 * the ledger without it.
 *
 * @param from Undefined: everything.
 * @throws as `syncChain`; `TOO_MANY_FACTS`.
 */
export async function rereadChain(
  parameters: SyncChainParameters,
  from: Checkpoint | undefined,
): Promise<void> {
  const { tables, nodeId } = parameters;
  const all: Fact[] = [];
  for await (const { facts } of readChunks(parameters, from)) {
    all.push(...facts);
    if (all.length > MOST_REREAD) throw tooMany(all.length);
  }
  inLedger(() =>
    tables.ledger.transaction(() => {
      rollbackFacts(tables, from);
      applyFacts(tables, { facts: all, checkpoint: checkpointOf(parameters.head), nodeId });
    }),
  );
}

function tooMany(count: number): ChainError {
  return new ChainError({
    code: "TOO_MANY_FACTS",
    message:
      "what the ledger has of the chain is not what the contracts say, and too much to be read again at once",
    value: `${count} facts`,
    next: "stop the agent when its usage is settled, move ledger.sqlite away and start it: it reads the chain anew",
  });
}

/** The facts after a block up to the head, chunk by chunk; the next one is on its way while one is worked on. */
async function* readChunks(
  parameters: SyncChainParameters,
  at: Checkpoint | undefined,
): AsyncGenerator<{ readonly to: Checkpoint; readonly facts: readonly Fact[] }> {
  const { signal, chunkBlocks } = parameters;
  let chunk = readChunk(parameters, at, Math.min(FIRST_BLOCKS, chunkBlocks));
  for (;;) {
    const { to, facts, blocks } = await chunk;
    if (to === undefined) return;
    signal.throwIfAborted();
    chunk = readChunk(parameters, to, nextBlocks(blocks, facts.length, chunkBlocks));
    chunk.catch(() => undefined);
    yield { to, facts };
  }
}

interface Chunk {
  /** The last block of it; undefined at the head. */
  readonly to: Checkpoint | undefined;
  readonly facts: readonly Fact[];
  /** How many blocks were asked for. */
  readonly blocks: number;
}

/** The facts of the next blocks after `at`: as many as the RPC gives, `blocks` at most; near the head all that are left. */
async function readChunk(
  parameters: SyncChainParameters,
  at: Checkpoint | undefined,
  blocks: number,
): Promise<Chunk> {
  const { network, nodeId, leader, head, signal } = parameters;
  if (at !== undefined && at.number >= head.number) return { to: undefined, facts: [], blocks };
  const source = { network, nodeId, provider: leader, witness: parameters.witness, signal };
  const fromBlock = at === undefined ? network.deploymentBlock : at.number + 1n;
  const near = head.number - NEAR_BLOCKS;
  if (fromBlock > near) {
    const headers = await headersUpTo(parameters, at, fromBlock);
    return { to: checkpointOf(head), facts: await readBlockFacts(source, headers), blocks };
  }
  const { learnt } = leader;
  const most = BigInt(Math.min(blocks, learnt.rangeBlocks ?? blocks));
  const last = fromBlock + most - 1n;
  const range = { fromBlock, toBlock: last < near ? last : near };
  const { answer, toBlock } = await readRange(range, async (part) => readRangeFacts(source, part), signal);
  const got = Number(toBlock - fromBlock + 1n);
  // What it refuses is learnt once; that its limit may be one of logs, not of blocks, is tried now and then.
  if (toBlock < range.toBlock) [learnt.rangeBlocks, learnt.goodRanges] = [got, 0];
  else if (learnt.rangeBlocks !== undefined && ++learnt.goodRanges % GROW_AFTER === 0)
    learnt.rangeBlocks *= 2;
  return { to: checkpointOf(answer.last), facts: answer.facts, blocks: got };
}

const GROW_AFTER = 64;
/** So many facts in memory at once are plenty. */
const CHUNK_FACTS = 1_000;
const FIRST_BLOCKS = 16;

/** How many blocks to ask for next, so that an answer holds about `CHUNK_FACTS`; four times as many at most. */
function nextBlocks(blocks: number, facts: number, chunkBlocks: number): number {
  const wanted = Math.floor((blocks * CHUNK_FACTS) / Math.max(facts, 1));
  return Math.max(1, Math.min(wanted, blocks * 4, chunkBlocks));
}

/** The headers from one block to the head, each the parent of the next, the first one's the block before. */
async function headersUpTo(
  { leader, witness, head }: SyncChainParameters,
  before: Checkpoint | undefined,
  fromBlock: bigint,
): Promise<Header[]> {
  const numbers = Array.from({ length: Number(head.number - fromBlock) }, (_, i) => fromBlock + BigInt(i));
  const below = await asking(leader, () =>
    askEach(leader, numbers, async (client, blockNumber) => headerOf(await client.getBlock({ blockNumber }))),
  );
  const headers = [...below, head];
  for (const [i, header] of headers.entries()) {
    const parent = i === 0 ? before?.hash : headers[i - 1]?.hash;
    if (parent !== undefined && header.parentHash !== parent) throw moved(header);
  }
  if (witness === undefined) return headers;
  // What decides which blocks are asked about has to be told by both.
  const theirs = await asking(witness, () =>
    askEach(witness, below, async (client, { hash }) => headerOf(await client.getBlock({ blockHash: hash }))),
  );
  return headers.map((header, i) => {
    const other = theirs[i];
    const isSame = other === undefined || other.logsBloom === header.logsBloom;
    return isSame ? header : { ...header, logsBloom: undefined, transactions: undefined };
  });
}

function moved({ number }: Header): ChainError {
  return new ChainError({
    code: "CHAIN_MOVED",
    message: "the chain was reorganised while it was read",
    value: `block ${number}`,
    next: "nothing: the agent reads it again",
  });
}

/** Where to go on from; rolls back first where the ledger's newest block is no longer part of the chain. */
async function goBack(parameters: SyncChainParameters): Promise<Checkpoint | undefined> {
  const { tables, head, final, identity, logger } = parameters;
  const newest = (number?: bigint) => inLedger(() => tables.checkpoints.newest(number));
  const { at, isBack } = await findCursor(parameters, { newest, final }, head, identity);
  if (!isBack) return at;
  inLedger(() => rollbackFacts(tables, at));
  logger.warn({ to: String(at?.number ?? 0n) }, "the chain was reorganised; went back");
  return at;
}

function inLedger<result>(work: () => result): result {
  try {
    return work();
  } catch (cause) {
    throw new BookingError(cause);
  }
}
