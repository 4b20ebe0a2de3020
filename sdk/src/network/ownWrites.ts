import type { Address, Log } from "viem";

/** A mined transaction of a program, as far as its later reads have to show it. */
export interface OwnWrite {
  readonly blockNumber: bigint;
  readonly logs: readonly Pick<Log, "address" | "topics" | "blockNumber" | "logIndex">[];
}

/**
 * What a program wrote to the chain itself. The machines behind one RPC are not all at the same block: a client that
 * shares this with whoever sends never reads what was before its own transactions.
 */
export interface OwnWrites {
  /** The newest block with a transaction of the program; undefined: none was mined. */
  newestBlock(): bigint | undefined;
  /** The logs of its last transactions. */
  logs(): readonly OwnWrite["logs"][number][];
  /** The least nonce that an account can use, by what it used here; 0: unknown. */
  nextNonce(address: Address): number;
  /** A transaction was mined. */
  mined(write: OwnWrite): void;
  /** An account's nonce is used up. */
  usedNonce(address: Address, nonce: number): void;
}

/** Transactions whose logs are remembered: RPCs are behind by seconds, not by days. */
const REMEMBERED = 16;

/** Nothing was written yet. */
export function createOwnWrites(): OwnWrites {
  const last: OwnWrite[] = [];
  const nonces = new Map<string, number>();
  let newest: bigint | undefined;
  const nextNonce = (address: Address): number => nonces.get(address.toLowerCase()) ?? 0;
  return {
    newestBlock: () => newest,
    logs: () => last.flatMap(({ logs }) => logs),
    nextNonce,
    mined(write) {
      if (newest === undefined || write.blockNumber > newest) newest = write.blockNumber;
      last.push(write);
      if (last.length > REMEMBERED) last.shift();
    },
    usedNonce(address, nonce) {
      nonces.set(address.toLowerCase(), Math.max(nonce + 1, nextNonce(address)));
    },
  };
}
