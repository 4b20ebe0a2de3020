import type { Line } from "@worker3/sdk";
import type { Hash } from "viem";
import type { FactReader } from "../facts/factReader.ts";
import type { Booked } from "../facts/topics.ts";

/** A batch of this node that the chain counted. */
export interface BookedBatch {
  readonly block: bigint;
  readonly statements: Hash;
  readonly lines: readonly Line[];
}

/** A payout to the node's owner. */
export interface BookedClaim {
  readonly block: bigint;
  readonly epochs: readonly number[];
  /** In base units. */
  readonly paid: bigint;
}

/** What the chain counted and paid for this node. */
export interface NodeAccount {
  set(entry: Booked<"batch" | "claimed">): void;
  /** Reads the ledger again, where rows are gone; what it gives back makes the answers follow. */
  reread(): () => void;
  /** Of an epoch, in the chain's order. */
  batchesOf(epoch: number): readonly BookedBatch[];
  /** The epochs of which a batch stands in a block up to this one, in their order. */
  countedEpochs(upTo: bigint): readonly number[];
  /** Those in blocks up to this one, in the chain's order. */
  claims(upTo: bigint): readonly BookedClaim[];
}

/** Lines of so many epochs are kept when they were asked for: those that settlement is at work on. */
const EPOCHS_AT_HAND = 8;

/** Lines stay in the ledger until they are asked for: there is one for each receipt that ever counted. */
export function createNodeAccount(facts: FactReader, nodeId: number): NodeAccount {
  let claims: BookedClaim[] = [];
  let counted: { readonly epoch: number; readonly block: bigint }[] = [];
  const atHand = new Map<number, readonly BookedBatch[]>();
  reread()();

  function reread(): () => void {
    const claimed = facts.history("claimed", BigInt(nodeId)).map(claimOf);
    const batches = facts.batchKeys(nodeId).map(({ key: [epoch], block }) => ({ epoch, block }));
    return () => {
      [claims, counted] = [claimed, batches];
      atHand.clear();
    };
  }

  return {
    set(entry) {
      if (entry.topic === "claimed") {
        claims.push(claimOf(entry));
        return;
      }
      const { epoch } = entry.value;
      counted.push({ epoch, block: entry.block });
      atHand.delete(epoch);
    },
    reread,
    batchesOf(epoch) {
      const known = atHand.get(epoch);
      if (known !== undefined) return known;
      const batches = facts.batches(nodeId, epoch).map(({ block, value: { statements, lines } }) => {
        return { block, statements, lines };
      });
      atHand.set(epoch, batches);
      const [oldest] = atHand.keys();
      if (atHand.size > EPOCHS_AT_HAND && oldest !== undefined) atHand.delete(oldest);
      return batches;
    },
    countedEpochs(upTo) {
      const epochs = counted.filter(({ block }) => block <= upTo).map(({ epoch }) => epoch);
      return [...new Set(epochs)].sort((a, b) => a - b);
    },
    claims: (upTo) => claims.filter(({ block }) => block <= upTo),
  };
}

function claimOf({ block, value: { epochs, paid } }: Booked<"claimed">): BookedClaim {
  return { block, epochs, paid };
}
