import { projectRegistry } from "../../abi/contracts.ts";
import { defineWrite } from "../define.ts";

export interface Leave {
  readonly nodeId: number;
  /** Those in which the node has no seat are passed over. */
  readonly projectIds: readonly bigint[];
}

/**
 * Empties a node's seats in some projects, from the next epoch on. For the node's owner or operator.
 *
 * @throws `NOT_NODE_KEEPER`, or what every write throws, see `sendCall`.
 */
export const leaveSeats = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "leaveSeats",
  args: ({ nodeId, projectIds }: Leave) => [projectIds, nodeId],
});
