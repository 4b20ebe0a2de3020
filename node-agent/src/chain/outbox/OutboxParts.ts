import type { NetworkClient } from "@worker3/sdk";
import type { Logger } from "pino";
import type { LocalAccount } from "viem";
import type { OutboxTable } from "../../ledger/outboxTable.ts";

/** What the steps of the outbox work with. */
export interface OutboxParts {
  readonly table: OutboxTable;
  readonly client: NetworkClient;
  /** The operator's key. */
  readonly account: LocalAccount;
  /** The newest final block; below 0 while none is known. */
  readonly finalBlock: () => bigint;
  /** A transaction that is not mined after so long is sent again with a higher fee. */
  readonly bumpAfterMs: number;
  /** No unit of gas is paid more, in the chain's smallest unit. */
  readonly maxFeePerGas: bigint;
  /** Unix milliseconds. */
  readonly nowMs: () => number;
  readonly logger: Pick<Logger, "info" | "warn">;
}
