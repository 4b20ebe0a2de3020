import type { NetworkClient } from "../../network/createNetworkClient.ts";
import type { ReadOptions } from "../read.ts";
import { type Claimable, claimable, type Payable, payableOf } from "../settlement/claims.ts";
import { currentEpoch } from "../settlement/epochs.ts";
import { isGone, type Node, nodeOf } from "./node.ts";
import { minStake } from "./stake.ts";

/** A node with what its operator asks first. Amounts in base units. */
export interface NodeSummary {
  readonly node: Node;
  readonly epoch: number;
  readonly minStake: bigint;
  /** Whether anyone may give its seats to others. */
  readonly isGone: boolean;
  /** What is payable already. */
  readonly payable: Payable;
  /** What `claim` with the asked epochs would pay now, including `payable`. */
  readonly claimable: Claimable;
}

export interface NodeSummaryParameters extends ReadOptions {
  readonly nodeId: number;
  /** Epochs that may hold something to claim; none by default. */
  readonly epochs?: readonly number[] | undefined;
}

/**
 * A node with its money, in one round trip and of one block.
 *
 * @throws `UNKNOWN_NODE`, or that the chain cannot be asked.
 */
export async function nodeSummary(
  client: NetworkClient,
  parameters: NodeSummaryParameters,
): Promise<NodeSummary> {
  const { nodeId, epochs = [], at } = parameters;
  const [node, epoch, least, gone, payable, ready] = await Promise.all([
    nodeOf(client, { nodeId, at }),
    currentEpoch(client, { at }),
    minStake(client, { at }),
    isGone(client, { nodeId, at }),
    payableOf(client, { nodeId, at }),
    claimable(client, { nodeId, epochs, at }),
  ]);
  return { node, epoch, minStake: least, isGone: gone, payable, claimable: ready };
}
