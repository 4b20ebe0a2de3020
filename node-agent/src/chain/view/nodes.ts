import { REGIONS, type Region } from "@worker3/sdk";
import type { Address } from "viem";
import type { Entry, TopicShapes } from "../facts/topics.ts";

/** What the chain says of a node. */
export interface ChainNode {
  readonly nodeId: number;
  readonly owner: Address;
  readonly operator: Address;
  readonly region: Region;
  readonly endpoint: string;
  /** The last epoch in which it takes new projects; 0 when it takes none. */
  readonly acceptingUntil: number;
  /** The first epoch whose receipts do not count; undefined while it is active. */
  readonly retiredFrom: number | undefined;
}

export type NodeTopic = "node" | "accepting" | "retired";

/** All nodes. */
export interface Nodes {
  set(entry: Entry<NodeTopic>): void;
  /** Takes back what a topic says of a node. */
  clear(nodeId: number, topic: NodeTopic): void;
  find(nodeId: number): ChainNode | undefined;
}

interface Told {
  node?: TopicShapes["node"]["value"] | undefined;
  accepting?: TopicShapes["accepting"]["value"] | undefined;
  retired?: TopicShapes["retired"]["value"] | undefined;
}

export function createNodes(): Nodes {
  const told = new Map<number, Told>();
  const tell = (nodeId: number, more: Told) => void told.set(nodeId, { ...told.get(nodeId), ...more });
  return {
    set(entry) {
      const nodeId = Number(entry.id);
      if (entry.topic === "node") tell(nodeId, { node: entry.value });
      else if (entry.topic === "accepting") tell(nodeId, { accepting: entry.value });
      else tell(nodeId, { retired: entry.value });
    },
    clear: (nodeId, topic) => tell(nodeId, { [topic]: undefined }),
    find(nodeId) {
      const { node, accepting, retired } = told.get(nodeId) ?? {};
      const region = REGIONS.find((known) => known === node?.region);
      if (node === undefined || region === undefined) return undefined;
      return {
        nodeId,
        ...node,
        region,
        acceptingUntil: accepting?.untilEpoch ?? 0,
        retiredFrom: retired?.retiredFrom,
      };
    },
  };
}
