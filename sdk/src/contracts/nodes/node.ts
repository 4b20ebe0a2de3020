import { type Address, zeroAddress } from "viem";
import { nodeRegistry } from "../../abi/contracts.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { regionCode } from "../../protocol/regionCode.ts";
import { regionMask } from "../../protocol/regionMask.ts";
import { regionNumber } from "../../protocol/regionNumber.ts";
import type { Region } from "../../protocol/regions.ts";
import { defineView, defineWrite } from "../define.ts";
import { type ReadOptions, readEach } from "../read.ts";

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
 * Whether anyone may give a node's seats to others: it is retired, or its acceptance expired two whole epochs ago
 * or earlier. A node that is full is not gone.
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
}

/**
 * Up to `count` different nodes of some regions that take projects now. Looks at no more than 16 candidates, so
 * where many have expired it may find fewer.
 *
 * @throws `NO_NODES`, `DRAW_COUNT`, `REGION_MASK`, or that the chain cannot be asked.
 */
export const draw = /* @__PURE__ */ defineView({
  contract: nodeRegistry,
  functionName: "draw",
  args: ({ count, regions, seed }: Draw) => [count, regionMask(regions), seed],
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
 * Adds a node with the caller as owner and takes its stake. It takes projects once it says so by `setAccepting`.
 *
 * @throws `STAKE_TOO_SMALL`, `ENDPOINT_SCHEME`, `INSUFFICIENT_ALLOWANCE`, or what every write throws, see
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

export interface Acceptance {
  readonly nodeId: number;
  /** The last one: at most 30 ahead; 0 when the node is full. */
  readonly untilEpoch: number;
}

/**
 * Says until which epoch the node takes new projects. For the owner or the operator.
 *
 * @throws `NOT_NODE_KEEPER`, `ACCEPTING_UNTIL`, `NODE_RETIRED`, or what every write throws, see `sendCall`.
 */
export const setAccepting = /* @__PURE__ */ defineWrite({
  contract: nodeRegistry,
  functionName: "setAccepting",
  args: ({ nodeId, untilEpoch }: Acceptance) => [nodeId, untilEpoch],
});
