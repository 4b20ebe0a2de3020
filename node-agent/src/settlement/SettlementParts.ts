import type { NetworkClient } from "@worker3/sdk";
import type { Logger } from "pino";
import type { LocalAccount } from "viem";
import type { Outbox } from "../chain/outbox/createOutbox.ts";
import type { SettlementView } from "../chain/view/SettlementView.ts";
import type { BatchTable } from "../ledger/batchTable.ts";
import type { Ledger } from "../ledger/openLedger.ts";
import type { UsageTable } from "../ledger/usageTable.ts";
import type { Meter } from "../metering/createMeter.ts";
import type { DuePresenceParameters } from "./duePresence.ts";

/** What the steps of settlement work with. */
export interface SettlementParts {
  readonly ledger: Ledger;
  readonly usage: UsageTable;
  readonly batches: BatchTable;
  readonly meter: Pick<Meter, "prune">;
  /** The newest epoch of which every count is booked: see `Edge.closedEpoch`. */
  readonly closedEpoch: () => number;
  readonly outbox: Pick<Outbox, "enqueue" | "retry" | "find" | "list" | "prune">;
  readonly view: SettlementView;
  readonly client: NetworkClient;
  /** The operator's key. */
  readonly operator: LocalAccount;
  /** Whether the credit of a project is known not to pay for another epoch. */
  readonly isShort: (projectId: bigint) => boolean;
  /** Why nothing is to be signed with it now; undefined where all may be. */
  readonly refusal: () => Error | undefined;
  readonly settings: {
    /** Matured epochs are claimed as soon as there are so many; 0: never. */
    readonly claimEveryEpochs: number;
    /** See `DuePresenceParameters`. */
    readonly presence: Pick<DuePresenceParameters, "epochs" | "leastCap" | "isFull">;
    /** The receipts of so many epochs go out in one transaction, where there is time; 1: none waits for others. */
    readonly epochsPerTransaction: number;
    /** What one of the chain's own coin is worth in the asset, such as `2500.50`; undefined: gas keeps no receipt back. */
    readonly assetPerGasToken?: string | undefined;
  };
  readonly logger: Pick<Logger, "info" | "warn">;
}
