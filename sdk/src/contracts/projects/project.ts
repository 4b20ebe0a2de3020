import { projectRegistry } from "../../abi/contracts.ts";
import { regionMask } from "../../protocol/regionMask.ts";
import type { Region } from "../../protocol/regions.ts";
import { type CallEvents, defineView, defineWrite } from "../define.ts";

/**
 * How many projects were ever created: ids are 1 to this.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const projectCount = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "projectCount",
});

interface NewProject {
  /** `name.zone`, or a domain of your own. */
  readonly domain: string;
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
}

/** A project on nodes that are drawn. */
export interface DrawnProject extends NewProject {
  /** How many: 1 to 8. */
  readonly count: number;
  /** Where they are drawn from, now and by `refill`. */
  readonly regions: readonly Region[];
}

/** A project on nodes that are named by hand. */
export interface NamedProject extends NewProject {
  /** 1 to 8 different nodes that take projects with this cap and have the stake for it; the first is the home. */
  readonly nodeIds: readonly number[];
}

export interface ProjectCreated {
  readonly projectId: bigint;
  /** In the order of the seats; fewer than asked for where fewer take projects. */
  readonly nodeIds: readonly number[];
}

function created(events: CallEvents<"projectRegistry">): ProjectCreated {
  const { projectId, nodeIds } = events.last("TermsSet");
  return { projectId, nodeIds };
}

/**
 * Creates a project without a version on nodes that are drawn.
 *
 * @throws `NAME_TAKEN`, `CAP_OUT_OF_BOUNDS`, `SEAT_COUNT_OUT_OF_RANGE`, `REGION_MASK_OUT_OF_RANGE`, `NO_NODES`, or what every
 *   write throws, see `sendCall`.
 */
export const createProject = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "createProject",
  args: ({ domain, cap, count, regions }: DrawnProject) => [domain, count, regionMask(regions), Number(cap)],
  result: created,
});

/**
 * Creates a project without a version on nodes that are named by hand. Nobody refills their seats, unless the owner says so by
 * `setRefill`.
 *
 * @throws `NAME_TAKEN`, `CAP_OUT_OF_BOUNDS`, `SEAT_COUNT_OUT_OF_RANGE`, `NODE_SEATED_TWICE`, `UNKNOWN_NODE`, `NODE_RETIRED`,
 *   `NODE_ABSENT`, `CAP_BELOW_LEAST`, `STAKE_TOO_SMALL_FOR_CAP`, or what every write throws, see `sendCall`.
 */
export const createProjectOn = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "createProjectOn",
  args: ({ domain, cap, nodeIds }: NamedProject) => [domain, nodeIds, Number(cap)],
  result: created,
});

export interface Closed {
  /** The first epoch in which it has no seats. */
  readonly closedFrom: number;
}

/**
 * Closes a project for ever: its seats are empty from the next epoch on, its names rest for 30 epochs, its credit
 * leaves by its thaw. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `PROJECT_CLOSED`, or what every write throws, see `sendCall`.
 */
export const close = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "close",
  args: ({ projectId }: { readonly projectId: bigint }) => [projectId],
  result: (events): Closed => ({ closedFrom: events.last("Closed").closedFrom }),
});
