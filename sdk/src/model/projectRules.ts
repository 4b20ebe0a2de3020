import { openRing } from "../protocol/ring.ts";
import {
  nodeAt,
  packTerms,
  SEATS,
  seatOf,
  unpackTerms,
  withCap,
  withFromEpoch,
  withSeat,
} from "../protocol/terms.ts";
import { DONE, type ModelActions, type ModelOutcome, type ModelRules, refuse } from "./action.ts";
import { drawNodes } from "./drawNodes.ts";
import type { Model, ModelProject } from "./model.ts";
import { claimName, nameRefusal, nameRules } from "./nameRules.ts";
import { currentEpoch, isGone, nodeIn, pricesAt, projectIn } from "./views.ts";

const ALL_REGIONS = 0x1ff;

type ProjectActionKind =
  | "createProject"
  | "drawProject"
  | "setReplicas"
  | "assignReplicas"
  | "setBudget"
  | "setRefill"
  | "refill"
  | "leave"
  | "close"
  | "setMeter"
  | "transferProject"
  | "acceptProject"
  | "claimName"
  | "releaseName"
  | "lapse";

/** Source: contracts/ProjectRegistry.sol and contracts/projects; refusals come in their order. */
export const projectRules: ModelRules<ProjectActionKind> = {
  ...nameRules,

  createProject(model, { by, label, nodeIds, cap }) {
    if (model.nowSeconds < model.pausedUntil.projects) return refuse("PAUSED");
    const refused = capRefusal(model, cap, currentEpoch(model)) ?? seatsRefusal(model, nodeIds);
    if (refused) return refused;
    const seats = () => (isTwice(nodeIds) ? refuse("SEAT_TWICE") : nodeIds);
    return create(model, {
      by,
      label,
      cap,
      seats,
      refill: { seats: nodeIds.length, regionMask: ALL_REGIONS },
    });
  },

  drawProject(model, { by, label, count, regionMask, cap, seed }) {
    if (model.nowSeconds < model.pausedUntil.projects) return refuse("PAUSED");
    const refused = capRefusal(model, cap, currentEpoch(model));
    if (refused) return refused;
    if (count === 0 || count > SEATS) return refuse("SEAT_COUNT");
    const seats = () => drawNodes(model, count, regionMask, seed);
    return create(model, { by, label, cap, seats, refill: { seats: count, regionMask } });
  },

  setReplicas: (model, action) =>
    asOwner(model, action, (project) => {
      const refused = seatsRefusal(model, action.nodeIds);
      if (refused) return refused;
      if (isTwice(action.nodeIds)) return refuse("SEAT_TWICE");
      setSeats(model, project, action.nodeIds);
      project.refill.seats = action.nodeIds.length;
      return DONE;
    }),

  assignReplicas: (model, action) =>
    asOwner(model, action, (project) => {
      const { count, regionMask } = action;
      if (count === 0 || count > SEATS) return refuse("SEAT_COUNT");
      const home = nodeIn(model, nodeAt(project.terms, 0));
      const stays = home !== undefined && !isGone(model, home);
      if (regionMask === 0 || regionMask > ALL_REGIONS) return refuse("REGION_MASK");
      // A home that stays needs no other.
      const drawn = stays && count === 1 ? [] : drawNodes(model, count, regionMask, action.seed);
      if ("refused" in drawn) return drawn;
      const nodeIds = stays ? [home.nodeId, ...drawn.filter((id) => id !== home.nodeId)] : drawn;
      setSeats(model, project, nodeIds.slice(0, count));
      project.refill = { ...project.refill, seats: count, regionMask };
      return DONE;
    }),

  setBudget: (model, action) =>
    asOwner(model, action, (project) => {
      const refused = capRefusal(model, action.cap, currentEpoch(model) + 1);
      if (refused) return refused;
      setTerms(model, project, withCap(project.terms, action.cap));
      return DONE;
    }),

  setRefill: (model, action) =>
    asOwner(model, action, (project) => {
      if (action.regionMask > ALL_REGIONS) return refuse("REFILL_REGIONS");
      project.refill = { ...project.refill, regionMask: action.regionMask, pinHome: action.pinHome };
      return DONE;
    }),

  refill(model, action) {
    const project = projectIn(model, action.projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (project.closedFrom !== 0) return refuse("PROJECT_CLOSED");
    const vacant = vacantSeats(model, project);
    if (vacant.length === 0) return refuse("NOTHING_TO_REFILL");
    const drawn = drawNodes(model, SEATS, project.refill.regionMask, action.seed);
    if ("refused" in drawn) return drawn;
    let filled = project.terms;
    const rest = [...drawn];
    for (const seat of vacant) {
      let next = rest.shift();
      while (next !== undefined && seatOf(filled, next) !== undefined) next = rest.shift();
      if (next === undefined) break;
      filled = withSeat(filled, seat, next);
    }
    if (filled === project.terms) return refuse("NO_NODES");
    setTerms(model, project, filled);
    return DONE;
  },

  leave(model, { by, nodeId, projectIds }) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (by !== node.owner && by !== node.operator) return refuse("NOT_KEEPER_OF");
    for (const projectId of projectIds) {
      const project = projectIn(model, projectId);
      const seat = project === undefined ? undefined : seatOf(project.terms, nodeId);
      if (project !== undefined && seat !== undefined)
        setTerms(model, project, withSeat(project.terms, seat, 0));
    }
    return DONE;
  },

  close: (model, action) =>
    asOwner(model, action, (project) => {
      project.closedFrom = currentEpoch(model) + 1;
      setSeats(model, project, []);
      return DONE;
    }),

  setMeter: (model, action) =>
    asOwner(
      model,
      action,
      (project) => {
        project.meter = action.meter;
        return DONE;
      },
      true,
    ),

  transferProject: (model, action) =>
    asOwner(
      model,
      action,
      (project) => {
        project.pendingOwner = action.to;
        return DONE;
      },
      true,
    ),

  acceptProject(model, { by, projectId }) {
    const project = projectIn(model, projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (by !== project.pendingOwner) return refuse("NOT_PENDING_PROJECT_OWNER");
    project.owner = by;
    project.pendingOwner = undefined;
    project.meter = undefined;
    return DONE;
  },
};

interface Creation {
  readonly by: string;
  readonly label: string;
  readonly cap: bigint;
  /** The nodes in the order of the seats. */
  readonly seats: () => readonly number[] | { readonly refused: string };
  readonly refill: { readonly seats: number; readonly regionMask: number };
}

/** The contract claims the name, then draws and packs the seats: so come its refusals. */
function create(model: Model, { by, label, cap, seats, refill }: Creation): ModelOutcome {
  const refused = nameRefusal(model, by, label);
  if (refused) return refused;
  const nodeIds = seats();
  if ("refused" in nodeIds) return nodeIds;
  const epoch = currentEpoch(model);
  const project: ModelProject = {
    projectId: BigInt(model.projects.length + 1),
    owner: by,
    pendingOwner: undefined,
    meter: undefined,
    terms: packTerms({ nodeIds, cap, fromEpoch: epoch }),
    pastTerms: [],
    closedFrom: 0,
    refill: { ...refill, pinHome: false },
    credit: { balance: 0n, thawing: 0n, thawEpoch: 0, loweredAt: 0 },
    ring: openRing(epoch),
  };
  model.projects.push(project);
  return claimName(model, project, by, label);
}

function setSeats(model: Model, project: ModelProject, nodeIds: readonly number[]): void {
  setTerms(model, project, packTerms({ nodeIds, cap: unpackTerms(project.terms).cap, fromEpoch: 0 }));
}

/** Later terms count from the next epoch; those that stood until then are kept, those of the same epoch replaced. */
function setTerms(model: Model, project: ModelProject, terms: bigint): void {
  const fromEpoch = currentEpoch(model) + 1;
  if (unpackTerms(project.terms).fromEpoch < fromEpoch) project.pastTerms.push(project.terms);
  project.terms = withFromEpoch(terms, fromEpoch);
}

function vacantSeats(model: Model, { terms, refill }: ModelProject): number[] {
  const seats = Array.from({ length: SEATS }, (_, seat) => seat).slice(refill.pinHome ? 1 : 0);
  return seats.filter((seat) => {
    const node = nodeIn(model, nodeAt(terms, seat));
    return node === undefined ? seat < refill.seats : isGone(model, node);
  });
}

function seatsRefusal(model: Model, nodeIds: readonly number[]): ModelOutcome | undefined {
  if (nodeIds.length === 0 || nodeIds.length > SEATS) return refuse("SEAT_COUNT");
  for (const nodeId of nodeIds) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (node.retiredFrom !== 0) return refuse("NODE_RETIRED");
  }
  return undefined;
}

function capRefusal(model: Model, cap: bigint, epoch: number): ModelOutcome | undefined {
  return cap < pricesAt(model, epoch).base || cap > model.maxCap ? refuse("CAP_OUT_OF_BOUNDS") : undefined;
}

function isTwice(nodeIds: readonly number[]): boolean {
  return new Set(nodeIds).size < nodeIds.length;
}

function asOwner<action extends ModelActions["close"]>(
  model: Model,
  { by, projectId }: action,
  act: (project: ModelProject) => ModelOutcome,
  alsoClosed = false,
): ModelOutcome {
  const project = projectIn(model, projectId);
  if (project === undefined) return refuse("UNKNOWN_PROJECT");
  if (by !== project.owner) return refuse("NOT_PROJECT_OWNER");
  if (project.closedFrom !== 0 && !alsoClosed) return refuse("PROJECT_CLOSED");
  return act(project);
}
