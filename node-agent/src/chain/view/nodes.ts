import { nodes, REGIONS, type Region } from "@worker3/sdk";
import type { Address } from "viem";
import type { Booked, TopicKey } from "../facts/topics.ts";

/** What the chain says of a node. */
export interface ChainNode {
  readonly nodeId: number;
  readonly owner: Address;
  readonly operator: Address;
  readonly region: Region;
  readonly endpoint: string;
  /** The last epoch for which it said that it lives; 0 before it first did. */
  readonly presentUntil: number;
  /** The least cap for which it takes new seats, in base units; `nodes.FULL` of the sdk where it takes none. */
  readonly leastCap: bigint;
  /** The first epoch whose receipts do not count; undefined while it is active. */
  readonly retiredFrom: number | undefined;
  /** Whether enough new stake takes the retirement back until then. */
  readonly isLiftable: boolean;
}

/** Whether a node takes new seats in an epoch, of some cap at least. */
export function isAccepting(node: ChainNode, epoch: number): boolean {
  const { presentUntil, leastCap, retiredFrom } = node;
  return presentUntil >= epoch && leastCap < nodes.FULL && retiredFrom === undefined;
}

/** The topics that a node is known by. */
export const NODE_TOPICS = ["node", "nodeOwner", "presence", "retired"] as const;

export type NodeTopic = (typeof NODE_TOPICS)[number];

/** All nodes. */
export interface Nodes {
  set(entry: Booked<NodeTopic>): void;
  /** Takes back what a topic says of a node. */
  clear(key: TopicKey<NodeTopic>): void;
  find(nodeId: number): ChainNode | undefined;
}

type Told = { [topic in NodeTopic]?: Booked<topic> | undefined };

export function createNodes(): Nodes {
  const told = new Map<number, Told>();
  const tell = (id: bigint, more: Told) => void told.set(Number(id), { ...told.get(Number(id)), ...more });
  return {
    set: (entry) => tell(entry.id, { [entry.topic]: entry }),
    clear: ({ id, topic }) => tell(id, { [topic]: undefined }),
    find(nodeId) {
      const { node, nodeOwner, presence, retired } = told.get(nodeId) ?? {};
      const region = REGIONS.find((known) => known === node?.value.region);
      if (node === undefined || region === undefined) return undefined;
      const { operator, endpoint } = node.value;
      const { untilEpoch: presentUntil = 0, leastCap = 0n } = presence?.value ?? {};
      const { retiredFrom = 0, isLiftable = false } = retired?.value ?? {};
      return {
        nodeId,
        owner: isLater(nodeOwner, node) ? nodeOwner.value.owner : node.value.owner,
        operator,
        region,
        endpoint,
        presentUntil,
        leastCap,
        retiredFrom: retiredFrom === 0 ? undefined : retiredFrom,
        isLiftable,
      };
    },
  };
}

/** Whether one is there, and stands after the other on the chain. */
function isLater(one: Booked<"nodeOwner"> | undefined, other: Booked<"node">): one is Booked<"nodeOwner"> {
  if (one === undefined) return false;
  return one.block === other.block ? one.logIndex > other.logIndex : one.block > other.block;
}
