import {
  capOf,
  nodeAt,
  SEATS,
  seatOf,
  unpackTerms,
  withCap,
  withFromEpoch,
  withSeat,
} from "../protocol/terms.ts";
import type { ModelProject } from "./model.ts";
import { termsAt } from "./views.ts";

/** What the owner wants more of, from the current epoch on. */
interface Growth {
  readonly epoch: number;
  /** Not lower than that of the current terms. */
  readonly cap: bigint;
  readonly nodeIds: readonly number[];
}

/**
 * The terms of the current epoch with a higher cap and nodes in the first empty seats behind the home; and the newest:
 * the same word, or, where the next epoch's are set already, those with the same growth where they leave room for it.
 *
 * Source: `grow` in contracts/projects/ProjectTerms.sol.
 */
export function growTerms(
  project: ModelProject,
  { epoch, cap, nodeIds }: Growth,
): { readonly current: bigint; readonly newest: bigint } | { readonly refused: string } {
  const current = termsAt(project, epoch);
  let grown = withFromEpoch(withCap(current, cap), epoch);
  for (const nodeId of nodeIds) {
    if (seatOf(grown, nodeId) !== undefined) return { refused: "NODE_SEATED_TWICE" };
    const seat = seatsBehindHome.find((seat) => nodeAt(grown, seat) === 0);
    if (seat === undefined) return { refused: "NO_EMPTY_SEAT" };
    grown = withSeat(grown, seat, nodeId);
  }
  if (unpackTerms(project.terms).fromEpoch <= epoch) return { current: grown, newest: grown };

  let next = capOf(project.terms) < cap ? withCap(project.terms, cap) : project.terms;
  for (const seat of seatsBehindHome) {
    const nodeId = nodeAt(grown, seat);
    const isNew = nodeId !== nodeAt(current, seat);
    if (isNew && nodeAt(next, seat) === 0 && seatOf(next, nodeId) === undefined) {
      next = withSeat(next, seat, nodeId);
    }
  }
  return { current: grown, newest: next };
}

const seatsBehindHome = Array.from({ length: SEATS - 1 }, (_, i) => i + 1);
