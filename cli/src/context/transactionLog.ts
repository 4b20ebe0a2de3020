import type { Hash } from "viem";

/** A transaction of the command, as far as is known of it. */
export interface ToldTransaction {
  readonly txHash: Hash;
  /** Such as `approve 10 USD for CreditEscrow`. */
  readonly what: string;
  /** `reverted`: mined, and failed, as the RPC says. `sent`: it left, and was not seen in a block. */
  readonly status: "mined" | "reverted" | "sent";
}

/** What the transactions of one command became, in the order in which they left: what fails after one has to tell of it. */
export interface TransactionLog {
  /** Notes a transaction, or what has become of it. */
  note(transaction: ToldTransaction): void;
  /** It was mined under another hash. */
  rename(from: Hash, to: Hash): void;
  all(): readonly ToldTransaction[];
}

/** An empty log. */
export function createTransactionLog(): TransactionLog {
  let known: readonly ToldTransaction[] = [];
  return {
    note(transaction) {
      const isKnown = known.some(({ txHash }) => txHash === transaction.txHash);
      known = isKnown
        ? known.map((each) => (each.txHash === transaction.txHash ? transaction : each))
        : [...known, transaction];
    },
    rename(from, to) {
      known = known.map((each) => (each.txHash === from ? { ...each, txHash: to } : each));
    },
    all: () => known,
  };
}
