import { lens } from "../../abi/contracts.ts";
import { defineView } from "../define.ts";

/** The sum of the caps of a node's seats: what it may charge in all, which its stake stands for. Base units. */
export interface Exposure {
  /** In the current epoch. */
  readonly current: bigint;
  /** In the next. */
  readonly next: bigint;
}

/**
 * What a node may charge in all in this epoch and the next. Reads every project: on a large network ask `exposureIn`.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const exposureOf = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "exposureOf",
  args: ({ nodeId }: { readonly nodeId: number }) => [nodeId],
  result: ([current, next]): Exposure => ({ current, next }),
  alone: true,
});

/**
 * `exposureOf` for the projects from `firstProject` to `lastProject`.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const exposureIn = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "exposureIn",
  args: ({
    nodeId,
    firstProject,
    lastProject,
  }: {
    readonly nodeId: number;
    readonly firstProject: bigint;
    readonly lastProject: bigint;
  }) => [nodeId, firstProject, lastProject],
  result: ([current, next]): Exposure => ({ current, next }),
  alone: true,
});
