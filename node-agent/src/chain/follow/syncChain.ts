import { type Fact, type Network, readRange } from "@worker3/sdk";
import type { Logger } from "pino";
import type { Hash } from "viem";
import type { Checkpoint } from "../../ledger/checkpointTable.ts";
import { applyFacts, type ChainTables, rollbackFacts } from "../applyFacts.ts";
import { findAncestor } from "./findAncestor.ts";
import type { Provider } from "./providers.ts";
import { readFacts } from "./readFacts.ts";
import type { Head } from "./watchHeads.ts";

export interface SyncChainParameters {
  readonly tables: ChainTables;
  readonly network: Network;
  readonly nodeId: number;
  readonly provider: Provider;
  /** Has to say the same, where there is one. */
  readonly witness: Provider | undefined;
  /** The newest block, where it is known already. */
  readonly head?: Head | undefined;
  /** Blocks asked for at once at most; fewer where there are many facts, and when the RPC refuses. */
  readonly chunkBlocks: number;
  readonly signal: AbortSignal;
  readonly logger: Pick<Logger, "warn">;
}

/** What the chain said could not be kept: not the chain's fault, and no RPC would do better. */
export class BookingError extends Error {
  constructor(cause: unknown) {
    super("the ledger failed", { cause });
  }
}

/**
 * Brings the ledger up to the newest block: goes back to the common ancestor where the chain was reorganised, then books
 * what came since, chunk by chunk. Whatever interrupts it, the ledger holds the facts up to its newest checkpoint.
 *
 * @returns The head that was reached.
 * @throws {RpcError | ChainError | FactError} as `readFacts`; nothing of the chunk at hand is booked then.
 * @throws {BookingError} The ledger failed.
 */
export async function syncChain(parameters: SyncChainParameters): Promise<Checkpoint> {
  const { tables, provider, signal } = parameters;
  const newest = parameters.head ?? (await provider.client.getBlock());
  const head: Checkpoint = {
    number: newest.number,
    hash: newest.hash,
    timestamp: Number(newest.timestamp),
  };
  const at = await cursorOn(parameters, newest, head);
  const first = Math.min(FIRST_BLOCKS, parameters.chunkBlocks);
  let chunk = readChunk(parameters, head, at, first);
  for (;;) {
    const { to, facts, blocks } = await chunk;
    if (to === undefined) return head;
    signal.throwIfAborted();
    // The next chunk is on its way while this one is booked.
    chunk = readChunk(parameters, head, to, nextBlocks(blocks, facts.length, parameters.chunkBlocks));
    chunk.catch(() => undefined);
    inLedger(() => applyFacts(tables, { facts, checkpoint: to, nodeId: parameters.nodeId }));
  }
}

interface Chunk {
  /** The last block of it; undefined at the head. */
  readonly to: Checkpoint | undefined;
  readonly facts: readonly Fact[];
  /** How many blocks were asked for. */
  readonly blocks: number;
}

/** The facts of the next blocks after `at`: as many as the RPC gives, `blocks` at most. */
async function readChunk(
  parameters: SyncChainParameters,
  head: Checkpoint,
  at: Checkpoint | undefined,
  blocks: number,
): Promise<Chunk> {
  const { network, provider, signal } = parameters;
  if (at !== undefined && at.number >= head.number) return { to: undefined, facts: [], blocks };
  const fromBlock = at === undefined ? network.deploymentBlock : at.number + 1n;
  const last = fromBlock + BigInt(blocks) - 1n;
  const range = { fromBlock, toBlock: last < head.number ? last : head.number };
  const { answer, toBlock } = await readRange(
    range,
    async ({ toBlock }) => {
      const to = toBlock < head.number ? await checkpointAt(provider, toBlock) : head;
      const facts = await readFacts({ ...parameters, fromBlock, toBlock, toHash: to.hash as Hash });
      return { to, facts };
    },
    signal,
  );
  return { ...answer, blocks: Number(toBlock - fromBlock + 1n) };
}

/** So many facts in memory at once are plenty. */
const CHUNK_FACTS = 1_000;
const FIRST_BLOCKS = 16;

/** How many blocks to ask for next, so that an answer holds about `CHUNK_FACTS`; four times as many at most. */
function nextBlocks(blocks: number, facts: number, chunkBlocks: number): number {
  const wanted = Math.floor((blocks * CHUNK_FACTS) / Math.max(facts, 1));
  return Math.max(1, Math.min(wanted, blocks * 4, chunkBlocks));
}

/** Where to go on from; rolls back first where the ledger's newest block is no longer part of the chain. */
async function cursorOn(
  { tables, provider, logger }: SyncChainParameters,
  newest: { readonly parentHash: string },
  head: Checkpoint,
): Promise<Checkpoint | undefined> {
  const cursor = inLedger(() => tables.checkpoints.newest());
  if (cursor === undefined || cursor.hash === head.hash || cursor.hash === newest.parentHash) return cursor;
  // An RPC that is a little behind knows our past but not our cursor: nothing to take back.
  const known = inLedger(() => tables.checkpoints.newest(head.number));
  if (head.number < cursor.number && known?.hash === head.hash) return cursor;
  const newestUpTo = (number?: bigint) => inLedger(() => tables.checkpoints.newest(number));
  const ancestor = await findAncestor(provider, { newest: newestUpTo });
  if (ancestor?.number === cursor.number) return cursor;
  inLedger(() => rollbackFacts(tables, ancestor?.number));
  logger.warn({ to: String(ancestor?.number ?? 0n) }, "the chain was reorganised; went back");
  return ancestor;
}

function inLedger<result>(work: () => result): result {
  try {
    return work();
  } catch (cause) {
    throw new BookingError(cause);
  }
}

async function checkpointAt({ client }: Provider, blockNumber: bigint): Promise<Checkpoint> {
  const { number, hash, timestamp } = await client.getBlock({ blockNumber });
  return { number, hash, timestamp: Number(timestamp) };
}
