import type { FactKey, FactTable } from "../../ledger/factTable.ts";
import {
  type Booked,
  batchesOfEpoch,
  entryOf,
  readAs,
  readKey,
  scopeOf,
  type TopicKey,
  type TopicName,
  topicKeyOf,
} from "./topics.ts";

/** The ledger's facts, as what they say. Throws `FACT_UNREADABLE` where no agent wrote a row so. */
export interface FactReader {
  /** Everything that was said of a project, in the chain's order. */
  ofProject(projectId: bigint): Booked[];
  /** Everything that a topic says of a thing, in the chain's order; also what holds no longer. */
  history<topic extends TopicName>(topic: topic, id: bigint): Booked<topic>[];
  /** What holds of some topics, which are about the same scope. Nothing may be written meanwhile. */
  holding<topic extends TopicName>(topics: readonly topic[]): Iterable<Booked<topic>>;
  /** The batches of a node that were counted of an epoch, in the chain's order. */
  batches(nodeId: number, epoch: number): Booked<"batch">[];
  /** Without their lines, of which there are many. */
  batchKeys(nodeId: number): (TopicKey<"batch"> & { readonly block: bigint })[];
  /** What holds of some keys now. */
  now(keys: readonly FactKey[]): { readonly gone: TopicKey[]; readonly held: Booked[] };
}

export function createFactReader(table: FactTable): FactReader {
  return {
    ofProject: (id) => table.history({ scope: "project", id }).map(entryOf),
    history: (topic, id) =>
      table.history({ scope: scopeOf(topic), id }, topic).map((row) => readAs(topic, row)),
    *holding(topics) {
      const [first] = topics;
      if (first === undefined) return;
      for (const row of table.holding(scopeOf(first), topics)) {
        const topic = topics.find((one) => one === row.topic);
        if (topic !== undefined) yield readAs(topic, row);
      }
    },
    batches(nodeId, epoch) {
      const of = { scope: "node", id: BigInt(nodeId), topic: "batch" } as const;
      // A key that comes again takes the place of its last row.
      const newest = new Map<string, Booked<"batch">>();
      for (const row of table.withPrefix(of, batchesOfEpoch(epoch))) {
        newest.delete(row.key);
        newest.set(row.key, readAs("batch", row));
      }
      return [...newest.values()];
    },
    batchKeys(nodeId) {
      const id = BigInt(nodeId);
      const stored = table.keys({ scope: "node", id, topic: "batch" });
      return stored.map(({ key, block }) => ({ ...readKey("batch", { id, key }), block }));
    },
    now(keys) {
      const gone: TopicKey[] = [];
      const held: Booked[] = [];
      for (const key of keys) {
        const row = table.newest(key);
        if (row === undefined) gone.push(topicKeyOf(key));
        else held.push(entryOf(row));
      }
      return { gone, held };
    },
  };
}
