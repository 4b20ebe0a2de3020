import { type Hex, keccak256 } from "viem";
import type { Model, ModelNode } from "./model.ts";
import { currentEpoch, freeStakeOf, nodeIn, stakeFor } from "./views.ts";

/** A draw looks at no more candidates than this. */
const MAX_READS = 16;
const ALL_REGIONS = 0x1ff;

/**
 * The nodes that `draw` finds: without duplicates, uniform given the seed, only those that accept; or the code of the
 * contract's refusal.
 *
 * Source: `draw` in contracts/NodeRegistry.sol and `Draw` in contracts/libraries/NodePool.sol.
 *
 * @param count 1 to 8; fewer found, fewer given.
 * @param cap Of the seats: nodes take them that accept it and have the stake for it.
 */
export function drawNodes(
  model: Model,
  count: number,
  regionMask: number,
  seed: bigint,
  cap: bigint,
): readonly number[] | { readonly refused: string } {
  if (count === 0 || count > 8) return { refused: "DRAW_COUNT_OUT_OF_RANGE" };
  if (regionMask === 0 || regionMask > ALL_REGIONS) return { refused: "REGION_MASK_OUT_OF_RANGE" };
  const members = model.pool.flatMap((ids, region) => ((regionMask >> region) & 1 ? ids : []));
  const found: number[] = [];
  for (let step = 0; step < Math.min(MAX_READS, members.length) && found.length < count; step++) {
    const position = step + Number(random(seed, step) % BigInt(members.length - step));
    const [drawn, here] = [members[position], members[step]];
    if (drawn === undefined || here === undefined) break;
    members[position] = here;
    const node = nodeIn(model, drawn);
    if (node !== undefined && accepts(model, node, cap)) found.push(drawn);
  }
  return found.length === 0 ? { refused: "NO_NODES" } : found;
}

/** Whether a node that is found in the pool takes a seat of `cap`. */
function accepts(model: Model, node: ModelNode, cap: bigint): boolean {
  const isHere = node.presentUntil >= currentEpoch(model);
  return isHere && node.leastCap <= cap && freeStakeOf(node) >= stakeFor(model, cap);
}

/**
 * What the registry seeds a draw with.
 *
 * Source: `_draw` in contracts/projects/ProjectTerms.sol.
 */
export function drawSeed(prevrandao: bigint, blockNumber: bigint, projectId: bigint): bigint {
  return hash([prevrandao, blockNumber, projectId]);
}

function random(seed: bigint, step: number): bigint {
  return hash([seed, BigInt(step)]);
}

function hash(words: readonly bigint[]): bigint {
  const bytes: Hex = `0x${words.map((word) => word.toString(16).padStart(64, "0")).join("")}`;
  return BigInt(keccak256(bytes));
}
