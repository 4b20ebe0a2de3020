import type { Hex } from "viem";
import { lens } from "../../abi/contracts.ts";
import { encodeLines } from "../../receipts/encodeLines.ts";
import type { Line } from "../../receipts/receipt.ts";
import { defineView } from "../define.ts";

export interface FoundLine {
  /** Its place in the batch, from 0. */
  readonly index: number;
  readonly line: Line;
  /** What a dispute of it takes now, in base units. */
  readonly bond: bigint;
}

/**
 * What `release` and `dispute` ask for: where a project's receipt stands in a batch, and the bond of a dispute.
 *
 * @throws `NO_LINE_OF`, or that the chain cannot be asked.
 */
export const findLine = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "findLine",
  args: ({
    lines,
    projectId,
  }: {
    /** All lines of the batch, as `BatchCounted` has them. */
    readonly lines: readonly Line[] | Hex;
    readonly projectId: bigint;
  }) => [typeof lines === "string" ? lines : encodeLines(lines), projectId],
  result: ([index, line, bond]): FoundLine => ({ index: Number(index), line, bond }),
});
