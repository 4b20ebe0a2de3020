import type { Line, Prices } from "@worker3/sdk";
import type { Address, Hash, Hex } from "viem";
import type { FactKey, FactRow, FactScope } from "../../ledger/factTable.ts";
import { LedgerError } from "../../ledger/LedgerError.ts";
import {
  bigNumber,
  type Field,
  flag,
  id,
  integer,
  type Key,
  list,
  name,
  numberText,
  only,
  optional,
  ordinal,
  pair,
  record,
  text,
} from "./fields.ts";

/** What became of a receipt of this node. */
export interface ReceiptFate {
  readonly state: "released" | "disputed" | "refunded" | "innocent" | "drawn";
  /** In base units, of what was released or disputed. */
  readonly amount?: bigint | undefined;
}

/**
 * What the ledger keeps of the chain. A topic is about a project, a node or the network; of its things (`key`) the last
 * value holds.
 */
export interface TopicShapes {
  owner: { key: undefined; value: { readonly owner: Address } };
  terms: {
    /** The epoch from which they count. */
    key: number;
    value: {
      readonly fromEpoch: number;
      /** What one seat may charge in one epoch, in base units. */
      readonly cap: bigint;
      /** In the order of the seats, 0 for an empty one. */
      readonly nodeIds: readonly number[];
    };
  };
  version: {
    key: number;
    /** `live`: it is the active one from then on. */
    value: { readonly version: number; readonly cid: string; readonly live: boolean };
  };
  /** The key is the version; `by`: who added it by the right to propose alone. */
  proposed: { key: number; value: { readonly version: number; readonly by: Address } };
  active: { key: undefined; value: { readonly version: number } };
  split: { key: undefined; value: { readonly version: number; readonly bps: number } };
  /** The key is the domain. */
  domain: { key: string; value: { readonly claimed: boolean } };
  /** The key has the owner who named a delegate, and the delegate. */
  delegate: {
    key: readonly [owner: string, who: string];
    value: { readonly owner: Address; readonly who: Address; readonly rights: number };
  };
  closed: { key: undefined; value: { readonly closedFrom: number } };
  /** Something was paid in. What is there now is asked of the chain, for charges are in no event of the project's. */
  credit: { key: undefined; value: { readonly balance: bigint } };

  node: {
    key: undefined;
    value: {
      readonly owner: Address;
      readonly operator: Address;
      readonly region: string;
      readonly endpoint: string;
    };
  };
  /** It changed hands, and nothing else. What `node` says of its owner holds where that is told later. */
  nodeOwner: { key: undefined; value: { readonly owner: Address } };
  /** The node lives until then, and takes new seats of this cap or more, in base units. */
  presence: { key: undefined; value: { readonly untilEpoch: number; readonly leastCap: bigint } };
  /** `retiredFrom` is 0 where a retirement was taken back, which only one that is liftable can be. */
  retired: { key: undefined; value: { readonly retiredFrom: number; readonly isLiftable: boolean } };
  /** Of this node alone, as the two that follow. The key is the event's place: block and log. */
  claimed: {
    key: readonly [block: bigint, logIndex: number];
    value: { readonly epochs: readonly number[]; readonly paid: bigint; readonly fee: bigint };
  };
  /** The key has the epoch and the digest of the statements. */
  batch: {
    key: readonly [epoch: number, statements: string];
    value: { readonly epoch: number; readonly statements: Hash; readonly lines: readonly Line[] };
  };
  /** The key has the epoch and the project. */
  receipt: { key: readonly [epoch: number, projectId: bigint]; value: ReceiptFate };

  /** The key is the first epoch with these prices. */
  prices: { key: number; value: Prices };
  /** The key is the name of the contract; `until` is Unix time in seconds. */
  paused: { key: string; value: { readonly until: number } };
  /** The settlement that takes over from this one: what its admin announced. */
  successor: { key: undefined; value: { readonly address: Address } };
}

export type TopicName = keyof TopicShapes;

/** What a fact says about one thing of a topic. */
export type Entry<topic extends TopicName = TopicName> = {
  [name in topic]: {
    readonly topic: name;
    /** The project's or the node's; 0 for the network. */
    readonly id: bigint;
    readonly key: TopicShapes[name]["key"];
    readonly value: TopicShapes[name]["value"];
  };
}[topic];

/** An entry, and where on the chain it stands. */
export type Booked<topic extends TopicName = TopicName> = Entry<topic> & {
  readonly block: bigint;
  readonly logIndex: number;
};

interface Topic<key, value> {
  readonly scope: FactScope;
  readonly key: Key<key>;
  readonly value: Field<value>;
}

const address = text<Address>();
const hash = text<Hex>();
const line: Field<Line> = record<Line>({
  projectId: bigNumber,
  requests: bigNumber,
  cpuMs: bigNumber,
  egressKiB: bigNumber,
  storedMiB: bigNumber,
  amount: bigNumber,
});
const batchKey = pair(ordinal, name);

/** How the keys of an epoch's batches begin. */
export const batchesOfEpoch = batchKey.beginOf;

/** How each topic is stored: the one place that knows. */
const TOPICS: { readonly [name in TopicName]: Topic<TopicShapes[name]["key"], TopicShapes[name]["value"]> } =
  {
    owner: { scope: "project", key: only, value: record({ owner: address }) },
    terms: {
      scope: "project",
      key: ordinal,
      value: record({ fromEpoch: integer, cap: bigNumber, nodeIds: list(integer) }),
    },
    version: {
      scope: "project",
      key: ordinal,
      value: record({ version: integer, cid: text(), live: flag }),
    },
    proposed: { scope: "project", key: ordinal, value: record({ version: integer, by: address }) },
    active: { scope: "project", key: only, value: record({ version: integer }) },
    split: { scope: "project", key: only, value: record({ version: integer, bps: integer }) },
    domain: { scope: "project", key: name, value: record({ claimed: flag }) },
    delegate: {
      scope: "project",
      key: pair(name, name),
      value: record({ owner: address, who: address, rights: integer }),
    },
    closed: { scope: "project", key: only, value: record({ closedFrom: integer }) },
    credit: { scope: "project", key: only, value: record({ balance: bigNumber }) },
    node: {
      scope: "node",
      key: only,
      value: record({ owner: address, operator: address, region: text(), endpoint: text() }),
    },
    nodeOwner: { scope: "node", key: only, value: record({ owner: address }) },
    presence: { scope: "node", key: only, value: record({ untilEpoch: integer, leastCap: bigNumber }) },
    retired: { scope: "node", key: only, value: record({ retiredFrom: integer, isLiftable: flag }) },
    claimed: {
      scope: "node",
      key: pair(id, ordinal),
      value: record({ epochs: list(integer), paid: bigNumber, fee: bigNumber }),
    },
    batch: {
      scope: "node",
      key: batchKey,
      value: record({ epoch: integer, statements: hash, lines: list(line) }),
    },
    receipt: {
      scope: "node",
      key: pair(ordinal, id),
      value: record<ReceiptFate>({ state: text(), amount: optional(bigNumber) }),
    },
    prices: {
      scope: "network",
      key: ordinal,
      value: record<Prices>({
        fromEpoch: numberText,
        feeBps: numberText,
        included: bigNumber,
        base: bigNumber,
        perMRequests: bigNumber,
        perMCpuMs: bigNumber,
        perGiB: bigNumber,
        perGiBStored: bigNumber,
      }),
    },
    paused: { scope: "network", key: name, value: record({ until: integer }) },
    successor: { scope: "network", key: only, value: record({ address }) },
  };

/** A row of the ledger; `tx` is the hash of the event's transaction. */
export function rowOf<topic extends TopicName>(
  entry: Entry<topic>,
  place: Pick<FactRow, "block" | "logIndex" | "tx">,
): FactRow {
  const { scope, key, value }: Topic<TopicShapes[topic]["key"], TopicShapes[topic]["value"]> =
    TOPICS[entry.topic];
  return {
    scope,
    id: entry.id,
    topic: entry.topic,
    key: key.write(entry.key),
    ...place,
    args: JSON.stringify(value.write(entry.value)),
  };
}

/**
 * What a row says.
 *
 * @throws {LedgerError} `FACT_UNREADABLE`: no agent wrote it so.
 */
export function entryOf(row: FactRow): Booked {
  return readAs(topicOf(row), row);
}

/**
 * What a row of a topic says.
 *
 * @throws {LedgerError} As `entryOf`.
 */
export function readAs<topic extends TopicName>(topic: topic, row: Omit<FactRow, "tx">): Booked<topic> {
  const { key, value }: Topic<TopicShapes[topic]["key"], TopicShapes[topic]["value"]> = TOPICS[topic];
  const { id, block, logIndex } = row;
  try {
    const told = {
      topic,
      id,
      key: key.read(row.key),
      value: value.read(JSON.parse(row.args)),
      block,
      logIndex,
    };
    // TypeScript does not see that a topic and its own key and value are one of the union's members.
    return told as unknown as Booked<topic>;
  } catch (cause) {
    throw unreadable(row, cause);
  }
}

/** Which thing of which topic. */
export type TopicKey<topic extends TopicName = TopicName> = {
  [name in topic]: Omit<Entry<name>, "value">;
}[topic];

/** @throws {LedgerError} As `entryOf`. */
export function topicKeyOf(stored: FactKey): TopicKey {
  return readKey(topicOf(stored), stored);
}

export function readKey<topic extends TopicName>(
  topic: topic,
  { id, key }: Pick<FactKey, "id" | "key">,
): TopicKey<topic> {
  const codec: Topic<TopicShapes[topic]["key"], TopicShapes[topic]["value"]> = TOPICS[topic];
  // As in `readAs`.
  return { topic, id, key: codec.key.read(key) } as unknown as TopicKey<topic>;
}

/** What a topic is about. */
export function scopeOf(topic: TopicName): FactScope {
  return TOPICS[topic].scope;
}

function topicOf(stored: FactKey): TopicName {
  const { topic } = stored;
  if (!isTopic(topic)) throw unreadable(stored, new TypeError("there is no such topic"));
  return topic;
}

function isTopic(topic: string): topic is TopicName {
  return Object.hasOwn(TOPICS, topic);
}

function unreadable({ topic, id, key }: FactKey, cause: unknown): LedgerError {
  return new LedgerError({
    code: "FACT_UNREADABLE",
    message: `a fact in the ledger cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    value: `${topic} ${id} ${key}`.trimEnd(),
    next: "stop the agent and put back ledger.sqlite from a backup",
    cause,
  });
}
