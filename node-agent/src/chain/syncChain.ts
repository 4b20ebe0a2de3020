import type { Network } from "@worker3/sdk";
import type { Block } from "viem";
import type { Checkpoint } from "../ledger/checkpointTable.ts";
import { applyFacts, type ChainTables, rollbackFacts } from "./applyFacts.ts";
import { ChainError } from "./ChainError.ts";
import { findAncestor } from "./findAncestor.ts";
import type { Provider } from "./providers.ts";
import { readFacts } from "./readFacts.ts";

export interface SyncChainParameters {
  readonly tables: ChainTables;
  readonly network: Network;
  readonly nodeId: number;
  readonly provider: Provider;
  /** Has to say the same, where there is one. */
  readonly witness: Provider | undefined;
  /** The newest block, where it is known already. */
  readonly head?: Block | undefined;
  /** Blocks asked for at once; halved as often as the RPC refuses. */
  readonly chunkBlocks: number;
  readonly signal: AbortSignal;
  /** After each chunk that was booked, and after a rollback. */
  readonly onProgress: (progress: SyncProgress) => void;
}

export interface SyncProgress {
  readonly at: Checkpoint | undefined;
  readonly head: Checkpoint;
  /** The block that a reorganisation went back to; undefined where there was none. */
  readonly rolledBackTo?: bigint | undefined;
}

/**
 * Brings the ledger up to the newest block: goes back to the common ancestor where the chain was reorganised, then books
 * what came since, chunk by chunk. Whatever interrupts it, the ledger holds the facts up to its newest checkpoint.
 *
 * @returns The head that was reached.
 * @throws {RpcError | ChainError | FactError} as `readFacts`; nothing of the chunk at hand is booked then.
 */
export async function syncChain(parameters: SyncChainParameters): Promise<Checkpoint> {
  const { tables, network, provider, signal, onProgress } = parameters;
  const newest = isMined(parameters.head) ? parameters.head : await provider.client.getBlock();
  const head: Checkpoint = {
    number: newest.number,
    hash: newest.hash,
    timestamp: Number(newest.timestamp),
  };
  let at = await cursorOn(parameters, newest, head);
  let size = BigInt(parameters.chunkBlocks);
  while (at === undefined || at.number < head.number) {
    signal.throwIfAborted();
    const fromBlock: bigint = at === undefined ? network.deploymentBlock : at.number + 1n;
    const last: bigint = fromBlock + size - 1n;
    const to = last < head.number ? await checkpointAt(provider, last) : head;
    try {
      const facts = await readFacts({
        ...parameters,
        fromBlock,
        toBlock: to.number,
        toHash: to.hash as `0x${string}`,
      });
      applyFacts(tables, { facts, checkpoint: to, nodeId: parameters.nodeId });
    } catch (error) {
      // RPCs limit a range in many words; whatever it is, a single block shows whether it is that.
      if (error instanceof ChainError || to.number === fromBlock) throw error;
      signal.throwIfAborted();
      size = (to.number - fromBlock + 1n) / 2n;
      continue;
    }
    at = to;
    onProgress({ at, head });
    if (size < BigInt(parameters.chunkBlocks)) size *= 2n;
  }
  return head;
}

type MinedBlock = Block<bigint, false, "latest">;

function isMined(block: Block | undefined): block is MinedBlock {
  return block !== undefined && block.number !== null && block.hash !== null;
}

/** Where to go on from; rolls back first where the ledger's newest block is no longer part of the chain. */
async function cursorOn(
  { tables, provider, onProgress }: SyncChainParameters,
  newest: { readonly parentHash: string },
  head: Checkpoint,
): Promise<Checkpoint | undefined> {
  const cursor = tables.checkpoints.newest();
  if (cursor === undefined || cursor.hash === head.hash || cursor.hash === newest.parentHash) return cursor;
  // An RPC that is a little behind knows our past but not our cursor: nothing to take back.
  if (head.number < cursor.number && tables.checkpoints.newest(head.number)?.hash === head.hash)
    return cursor;
  const ancestor = await findAncestor(provider, tables.checkpoints);
  if (ancestor?.number === cursor.number) return cursor;
  rollbackFacts(tables, ancestor?.number);
  onProgress({ at: ancestor, head, rolledBackTo: ancestor?.number ?? 0n });
  return ancestor;
}

async function checkpointAt({ client }: Provider, blockNumber: bigint): Promise<Checkpoint> {
  const { number, hash, timestamp } = await client.getBlock({ blockNumber });
  return { number, hash, timestamp: Number(timestamp) };
}
