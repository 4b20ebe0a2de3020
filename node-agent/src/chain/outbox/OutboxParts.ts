import type { NetworkClient } from "@worker3/sdk";
import type { Logger } from "pino";
import type { Address, LocalAccount } from "viem";
import type { OutboxTable } from "../../ledger/outboxTable.ts";

/** What the steps of the outbox work with. */
export interface OutboxParts {
  readonly table: OutboxTable;
  readonly client: NetworkClient;
  /** The operator's key. */
  readonly account: LocalAccount;
  /** The newest final block; below 0 while none is known. */
  readonly finalBlock: () => bigint;
  /**
   * How many transactions of an account the newest block holds, or another one. Where several RPCs are asked, the least
   * that one of them says: a nonce is taken for used only where none of them knows better.
   *
   * @throws {RpcError} None of them answers.
   */
  readonly countTransactions: (address: Address, at: "latest" | bigint) => Promise<number>;
  /** A transaction that is not mined after so long is sent again with a higher fee. */
  readonly bumpAfterMs: number;
  /** Transactions that failed to be found once, by the id: what one answer says decides nothing. */
  readonly missedOnce: Set<number>;
  /** No unit of gas is paid more, in the chain's smallest unit. */
  readonly maxFeePerGas: bigint;
  /** Unix milliseconds. */
  readonly nowMs: () => number;
  readonly logger: Pick<Logger, "info" | "warn">;
}
