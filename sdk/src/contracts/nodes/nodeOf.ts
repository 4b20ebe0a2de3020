import { type Address, zeroAddress } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { regionCode } from "../../protocol/regionCode.ts";
import type { Region } from "../../protocol/regions.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/** A node as it stands. Amounts in base units. */
export interface Node {
  readonly nodeId: number;
  /** Holds the stake and is paid. */
  readonly owner: Address;
  /** The agent's hot key: signs receipts, renews `acceptingUntil`, leaves seats. */
  readonly operator: Address;
  /** May accept the node; undefined when nobody may. */
  readonly pendingOwner: Address | undefined;
  readonly region: Region;
  /** The first epoch whose receipts do not count; undefined while the node is active. */
  readonly retiredFrom: number | undefined;
  /** The last epoch in which the node takes new projects; 0 when it is full. */
  readonly acceptingUntil: number;
  /** What can be slashed, including `thawing`. */
  readonly stake: bigint;
  /** What leaves after the thaw. */
  readonly thawing: bigint;
  /** The epoch in which `thawing` was asked back; says nothing while that is 0. */
  readonly thawEpoch: number;
  readonly endpoint: string;
}

export interface NodeOfParameters extends ReadOptions {
  readonly nodeId: number;
}

/**
 * A node as it stands.
 *
 * @throws `UNKNOWN_NODE`, or that the chain cannot be asked.
 */
export async function nodeOf(client: NetworkClient, { nodeId, at }: NodeOfParameters): Promise<Node> {
  const node = await readView(
    client,
    { ...nodeRegistry(client), functionName: "nodeOf", args: [nodeId] },
    { at },
  );
  return {
    ...node,
    nodeId,
    pendingOwner: node.pendingOwner === zeroAddress ? undefined : node.pendingOwner,
    region: regionCode(node.region),
    retiredFrom: node.retiredFrom === 0 ? undefined : node.retiredFrom,
  };
}
