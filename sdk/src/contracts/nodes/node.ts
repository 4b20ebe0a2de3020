import { type Address, zeroAddress } from "viem";
import { nodeRegistry } from "../../abi/contracts.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { regionCode } from "../../protocol/regionCode.ts";
import { regionMask } from "../../protocol/regionMask.ts";
import { regionNumber } from "../../protocol/regionNumber.ts";
import type { Region } from "../../protocol/regions.ts";
import { defineView, defineWrite } from "../define.ts";
import { type ReadOptions, readEach } from "../read.ts";

/** The least cap of a node that takes no new seats. */
export const FULL = (1n << 40n) - 1n;

/** A node as it stands. Amounts in base units. */
export interface Node {
  readonly nodeId: number;
  /** Holds the stake and is paid. */
  readonly owner: Address;
  /** The agent's hot key: signs receipts, renews the presence, leaves seats. */
  readonly operator: Address;
  /** May accept the node; undefined when nobody may. */
  readonly pendingOwner: Address | undefined;
  readonly region: Region;
  /** The first epoch whose receipts do not count; undefined while the node is active. */
  readonly retiredFrom: number | undefined;
  /** Whether enough new stake takes the retirement back until then; only a slash retires so. */
  readonly isLiftable: boolean;
  /** The last epoch for which the node said that it lives; 0 before it first did. */
  readonly presentUntil: number;
  /** The least cap for which it takes new seats, in base units; `FULL` when it takes none. */
  readonly leastCap: bigint;
  /** What may still be slashed in this epoch, in base units. */
  readonly slashLeft: bigint;
  /** What can be slashed, including `thawing`. */
  readonly stake: bigint;
  /** What leaves after the thaw. */
  readonly thawing: bigint;
  /** The epoch in which `thawing` was asked back; says nothing while that is 0. */
  readonly thawEpoch: number;
  readonly endpoint: string;
}

/**
 * A node as it stands.
 *
 * @throws `UNKNOWN_NODE`, or that the chain cannot be asked.
 */
export const nodeOf = /* @__PURE__ */ defineView({
  contract: nodeRegistry,
  functionName: "nodeOf",
  args: ({ nodeId }: { readonly nodeId: number }) => [nodeId],
  result: (node, { nodeId }): Node => ({
    ...node,
    nodeId,
    pendingOwner: node.pendingOwner === zeroAddress ? undefined : node.pendingOwner,
    region: regionCode(node.region),
    leastCap: BigInt(node.leastCap),
    retiredFrom: node.retiredFrom === 0 ? undefined : node.retiredFrom,
  }),
});

/**
 * Many nodes in few round trips, in the order of their ids; undefined for one that does not exist.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function readNodes(
  client: NetworkClient,
  { nodeIds, at }: { readonly nodeIds: readonly number[] } & ReadOptions,
): Promise<(Node | undefined)[]> {
  const inputs = nodeIds.map((nodeId) => ({ nodeId, at }));
  return readEach(client, nodeOf, { inputs, absent: "UNKNOWN_NODE" });
}

/**
 * How many nodes were ever registered: ids are 1 to this.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const nodeCount = /* @__PURE__ */ defineView({ contract: nodeRegistry, functionName: "nodeCount" });

/**
 * The endpoints of some nodes, in order; empty for one that does not exist.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const endpointsOf = /* @__PURE__ */ defineView({
  contract: nodeRegistry,
  functionName: "endpointsOf",
  args: ({ nodeIds }: { readonly nodeIds: readonly number[] }) => [nodeIds],
  alone: true,
});

/**
 * Whether anyone may give a node's seats to others: its retirement counts from the next epoch or earlier, or its presence
 * ended two whole epochs ago or earlier. A node that is full is not gone.
 *
 * @throws `UNKNOWN_NODE`, or that the chain cannot be asked.
 */
export const isGone = /* @__PURE__ */ defineView({
  contract: nodeRegistry,
  functionName: "isGone",
  args: ({ nodeId }: { readonly nodeId: number }) => [nodeId],
});

export interface Draw {
  /** 1 to 8. */
  readonly count: bigint;
  readonly regions: readonly Region[];
  /** Uniform given this. */
  readonly seed: bigint;
  /** What one seat may charge in one epoch: only nodes that take it and have the stake for it are drawn. Base units. */
  readonly cap: bigint;
}

/**
 * Up to `count` different nodes of some regions that take a project with `cap` now. Looks at no more than 16 candidates, so
 * where many do not it may find fewer.
 *
 * @throws `NO_NODES`, `DRAW_COUNT_OUT_OF_RANGE`, `REGION_MASK_OUT_OF_RANGE`, or that the chain cannot be asked.
 */
export const draw = /* @__PURE__ */ defineView({
  contract: nodeRegistry,
  functionName: "draw",
  args: ({ count, regions, seed, cap }: Draw) => [count, regionMask(regions), seed, Number(cap)],
});

export interface Registration {
  /** The agent's hot key. */
  readonly operator: Address;
  readonly region: Region;
  /** `https://host[:port]`, at most 128 bytes. */
  readonly endpoint: string;
  /** Base units, approved to the node registry before. */
  readonly stake: bigint;
}

export interface Registered {
  /** From 1 on. */
  readonly nodeId: number;
  /** What arrived, in base units. */
  readonly stake: bigint;
}

/**
 * Adds a node with the caller as owner and takes its stake. It takes projects once it says so by `setPresence`.
 *
 * @throws `STAKE_TOO_SMALL`, `ENDPOINT_HAS_NO_SCHEME`, `INSUFFICIENT_ALLOWANCE`, or what every write throws, see
 *   `sendCall`.
 */
export const register = /* @__PURE__ */ defineWrite({
  contract: nodeRegistry,
  functionName: "register",
  args: ({ operator, region, endpoint, stake }: Registration) => [
    operator,
    regionNumber(region),
    endpoint,
    stake,
  ],
  result(events): Registered {
    const { nodeId, stake } = events.last("NodeRegistered");
    return { nodeId, stake };
  },
});

export interface Presence {
  readonly nodeId: number;
  /** The current epoch to 30 ahead. */
  readonly untilEpoch: number;
  /** The least cap for which it takes new seats, in base units; `FULL` for none. */
  readonly leastCap: bigint;
}

/**
 * Says that the node lives until an epoch, and from which cap on it takes new seats. A full node goes on being present; the
 * seats of one that is absent for two epochs are free to others. For the owner or the operator.
 *
 * @throws `NOT_NODE_KEEPER`, `PRESENCE_OUT_OF_RANGE`, `NODE_RETIRED`, or what every write throws, see `sendCall`.
 */
export const setPresence = /* @__PURE__ */ defineWrite({
  contract: nodeRegistry,
  functionName: "setPresence",
  args: ({ nodeId, untilEpoch, leastCap }: Presence) => [nodeId, untilEpoch, Number(leastCap)],
});
