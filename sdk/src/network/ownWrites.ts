import type { Hash, Log } from "viem";

/** A mined transaction of a program, as far as its later reads have to show it. */
export interface OwnWrite {
  readonly blockNumber: bigint;
  readonly blockHash: Hash;
  readonly logs: readonly Pick<Log, "address" | "topics" | "blockNumber" | "logIndex">[];
}

/**
 * What a program wrote to the chain itself. The machines behind one RPC are not all at the same block: a client that
 * shares this with whoever sends never reads what was before its own transactions.
 */
export interface OwnWrites {
  /** The newest block with a transaction of the program; undefined: none was mined in the last two minutes. */
  newestBlock(): bigint | undefined;
  /** Its last transactions. */
  last(): readonly OwnWrite[];
  /** A transaction was mined. */
  mined(write: OwnWrite): void;
  /** A block is none of the chain any more. */
  forget(blockHash: Hash): void;
}

/** RPCs are behind by seconds. What is older is known everywhere, or a reorganisation took it back. */
const REMEMBERED_MS = 120_000;
/** Transactions that are remembered at most. */
const REMEMBERED = 16;

/** Nothing was written yet. */
export function createOwnWrites(nowMs: () => number = Date.now): OwnWrites {
  let last: (OwnWrite & { readonly atMs: number })[] = [];
  const remembered = (): readonly OwnWrite[] => {
    last = last.filter(({ atMs }) => nowMs() - atMs < REMEMBERED_MS);
    return last;
  };
  return {
    newestBlock() {
      const blocks = remembered().map(({ blockNumber }) => blockNumber);
      return blocks.reduce<bigint | undefined>(
        (most = -1n, block) => (block > most ? block : most),
        undefined,
      );
    },
    last: remembered,
    mined(write) {
      last.push({ ...write, atMs: nowMs() });
      if (last.length > REMEMBERED) last.shift();
    },
    forget(blockHash) {
      last = last.filter((write) => write.blockHash !== blockHash);
    },
  };
}
