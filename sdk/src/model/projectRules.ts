import { openRing } from "../protocol/ring.ts";
import {
  capOf,
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
import { growTerms } from "./growTerms.ts";
import type { Model, ModelAccount, ModelProject } from "./model.ts";
import { claimDomain, domainRefusal, nameRules, projectAt, setTargets } from "./nameRules.ts";
import { seatRefusal } from "./nodeRules.ts";
import {
  availableOf,
  budgetAt,
  budgetBy,
  currentEpoch,
  freeStakeOf,
  isGone,
  isLiftable,
  nodeIn,
  pricesAt,
  projectIn,
  stakeFor,
  termsAt,
} from "./views.ts";

const ALL_REGIONS = 0x1ff;
const DEFAULT_SEATS = 3;

type ProjectActionKind =
  | "createProject"
  | "drawProject"
  | "deploy"
  | "setReplicas"
  | "assignReplicas"
  | "setBudget"
  | "grow"
  | "setRefill"
  | "refill"
  | "leaveSeats"
  | "close"
  | "setMeter"
  | "transferProject"
  | "acceptProject"
  | "claimDomain"
  | "releaseDomain"
  | "noticeLapse"
  | "lapse";

/** Source: contracts/ProjectRegistry.sol and contracts/projects; refusals come in their order. */
export const projectRules: ModelRules<ProjectActionKind> = {
  ...nameRules,

  createProject(model, { by, domain, nodeIds, cap }) {
    if (model.nowSeconds < model.pausedUntil.projects) return refuse("PAUSED");
    const refused = capRefusal(model, cap, currentEpoch(model)) ?? countRefusal(nodeIds.length);
    if (refused) return refused;
    const seats = () => namedRefusal(model, { nodeIds, seated: 0n, cap }) ?? nodeIds;
    return create(model, { by, domain, cap, seats, refill: { seats: nodeIds.length, regionMask: 0 } });
  },

  drawProject(model, { by, domain, count, regionMask, cap, seed }) {
    if (model.nowSeconds < model.pausedUntil.projects) return refuse("PAUSED");
    const refused = capRefusal(model, cap, currentEpoch(model));
    if (refused) return refused;
    const outOfRange = countRefusal(count);
    if (outOfRange) return outOfRange;
    const seats = () => drawNodes(model, count, regionMask, seed, cap);
    return create(model, { by, domain, cap, seats, refill: { seats: count, regionMask } });
  },

  deploy(model, { by, domain, seed }) {
    if (model.nowSeconds < model.pausedUntil.projects) return refuse("PAUSED");
    const found = projectAt(model, domain, by);
    if (found !== undefined) return "refused" in found ? found : DONE;
    const cap = model.defaultCap;
    const seats = () => drawNodes(model, DEFAULT_SEATS, ALL_REGIONS, seed, cap);
    const refill = { seats: DEFAULT_SEATS, regionMask: ALL_REGIONS };
    return create(model, { by, domain, cap, seats, refill });
  },

  setReplicas: (model, action) =>
    asOwner(model, action, (project) => {
      const { nodeIds } = action;
      const seated = project.terms;
      const refused =
        countRefusal(nodeIds.length) ?? namedRefusal(model, { nodeIds, seated, cap: capOf(seated) });
      if (refused) return refused;
      setSeats(model, project, nodeIds);
      // Whoever names nodes by hand wants no others, unless a rule for refills says so.
      const regionMask = project.refill.isChosen ? project.refill.regionMask : 0;
      project.refill = { ...project.refill, seats: nodeIds.length, regionMask };
      return DONE;
    }),

  assignReplicas: (model, action) =>
    asOwner(model, action, (project) => {
      const { count, regionMask } = action;
      if (count === 0 || count > SEATS) return refuse("SEAT_COUNT_OUT_OF_RANGE");
      const home = nodeIn(model, nodeAt(project.terms, 0));
      const stays = home !== undefined && !isGone(model, home);
      if (regionMask === 0 || regionMask > ALL_REGIONS) return refuse("REGION_MASK_OUT_OF_RANGE");
      // A home that stays needs no other.
      const isEnough = stays && count === 1;
      const drawn = isEnough ? [] : drawNodes(model, count, regionMask, action.seed, capOf(project.terms));
      if ("refused" in drawn) return drawn;
      const nodeIds = stays ? [home.nodeId, ...drawn.filter((id) => id !== home.nodeId)] : drawn;
      setSeats(model, project, nodeIds.slice(0, count));
      project.refill = { ...project.refill, seats: count, regionMask, isChosen: false };
      return DONE;
    }),

  setBudget: (model, action) =>
    asOwner(model, action, (project) => {
      const refused =
        capRefusal(model, action.cap, currentEpoch(model) + 1) ??
        stakeRefusal(model, project.terms, action.cap);
      if (refused) return refused;
      setTerms(model, project, withCap(project.terms, action.cap));
      return DONE;
    }),

  grow: (model, action) =>
    asOwner(model, action, (project) => {
      const { cap, nodeIds } = action;
      const epoch = currentEpoch(model);
      const current = termsAt(project, epoch);
      if (cap < capOf(current)) return refuse("CAP_WOULD_SHRINK");
      const refused =
        (cap > capOf(current) ? capRefusal(model, cap, epoch) : undefined) ??
        stakeRefusal(model, current, cap);
      if (refused) return refused;
      const terms = growTerms(project, { epoch, cap, nodeIds });
      if ("refused" in terms) return terms;
      const unseatable = nodesRefusal(model, { nodeIds, seated: project.terms, cap });
      if (unseatable) return unseatable;
      if (availableOf(model, project) < budgetBy(model, terms.current, epoch)) {
        return refuse("TOO_LITTLE_AVAILABLE");
      }
      const nextIsSet = project.terms !== current;
      const tooThin = nextIsSet ? growthRefusal(model, terms.newest, project.terms) : undefined;
      if (tooThin) return tooThin;

      if (nextIsSet) project.pastTerms.pop();
      const before = nextIsSet ? current : project.terms;
      if (unpackTerms(before).fromEpoch < epoch) project.pastTerms.push(before);
      if (nextIsSet) project.pastTerms.push(terms.current);
      project.terms = terms.newest;
      project.refill.seats = Math.max(project.refill.seats, unpackTerms(terms.newest).nodeIds.length);
      return DONE;
    }),

  setRefill: (model, action) =>
    asOwner(model, action, (project) => {
      const { regionMask, pinHome } = action;
      if (regionMask > ALL_REGIONS) return refuse("REGION_MASK_OUT_OF_RANGE");
      project.refill = { ...project.refill, regionMask, pinHome, isChosen: true };
      return DONE;
    }),

  refill(model, action) {
    const project = projectIn(model, action.projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (project.closedFrom !== 0) return refuse("PROJECT_CLOSED");
    const vacant = vacantSeats(model, project);
    if (vacant.length === 0) return refuse("NOTHING_TO_REFILL");
    const { regionMask } = project.refill;
    const drawn = drawNodes(model, SEATS, regionMask, action.seed, capOf(project.terms));
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
    const epoch = currentEpoch(model);
    const needed = budgetAt(model, project, epoch) + budgetBy(model, filled, epoch + 1);
    if (availableOf(model, project) < needed) return refuse("TOO_LITTLE_AVAILABLE");
    setTerms(model, project, filled);
    return DONE;
  },

  leaveSeats(model, { by, nodeId, projectIds }) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (by !== node.owner && by !== node.operator) return refuse("NOT_NODE_KEEPER");
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

  acceptProject(model, { by, projectId, domains }) {
    const project = projectIn(model, projectId);
    if (project === undefined) return refuse("UNKNOWN_PROJECT");
    if (by !== project.pendingOwner) return refuse("NOT_PENDING_PROJECT_OWNER");
    const { refused } = setTargets(model, project, by, domains);
    if (refused !== undefined) return { refused };
    project.owner = by;
    project.pendingOwner = undefined;
    project.meter = undefined;
    return DONE;
  },
};

interface Creation {
  readonly by: ModelAccount;
  readonly domain: string;
  readonly cap: bigint;
  /** The nodes in the order of the seats. */
  readonly seats: () => readonly number[] | { readonly refused: string };
  readonly refill: { readonly seats: number; readonly regionMask: number };
}

/** The contract claims the name, then draws and packs the seats: so come its refusals. */
function create(model: Model, { by, domain, cap, seats, refill }: Creation): ModelOutcome {
  const refused = domainRefusal(model, by, domain);
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
    refill: { ...refill, pinHome: true, isChosen: false },
    credit: { balance: 0n, thawing: 0n, thawEpoch: 0, raisedAt: 0 },
    domains: 0,
    claims: new Set(),
    ring: openRing(epoch),
  };
  model.projects.push(project);
  claimDomain(model, project, by, domain);
  return DONE;
}

function setSeats(model: Model, project: ModelProject, nodeIds: readonly number[]): void {
  setTerms(model, project, packTerms({ nodeIds, cap: capOf(project.terms), fromEpoch: 0 }));
}

/** Later terms count from the next epoch; those that stood until then are kept, those of the same epoch replaced. */
function setTerms(model: Model, project: ModelProject, terms: bigint): void {
  const fromEpoch = currentEpoch(model) + 1;
  if (unpackTerms(project.terms).fromEpoch < fromEpoch) project.pastTerms.push(project.terms);
  project.terms = withFromEpoch(terms, fromEpoch);
}

/** Seats that are empty but wanted, or whose node is gone or has too little stake for the cap. */
function vacantSeats(model: Model, { terms, refill }: ModelProject): number[] {
  const seats = Array.from({ length: SEATS }, (_, seat) => seat).slice(refill.pinHome ? 1 : 0);
  return seats.filter((seat) => {
    const node = nodeIn(model, nodeAt(terms, seat));
    if (node === undefined) return seat < refill.seats;
    const isThin = node.retiredFrom === 0 && freeStakeOf(node) < stakeFor(model, capOf(terms));
    return isThin || isGone(model, node);
  });
}

/** Nodes that are to sit there for `cap`, beside those of the terms word `seated`. */
interface Seating {
  readonly nodeIds: readonly number[];
  readonly seated: bigint;
  readonly cap: bigint;
}

function countRefusal(count: number): { readonly refused: string } | undefined {
  return count === 0 || count > SEATS ? refuse("SEAT_COUNT_OUT_OF_RANGE") : undefined;
}

function namedRefusal(model: Model, seating: Seating): { readonly refused: string } | undefined {
  return isTwice(seating.nodeIds) ? refuse("NODE_SEATED_TWICE") : nodesRefusal(model, seating);
}

function nodesRefusal(
  model: Model,
  { nodeIds, seated, cap }: Seating,
): { readonly refused: string } | undefined {
  for (const nodeId of nodeIds) {
    const refused = seatRefusal(model, nodeId, seatOf(seated, nodeId) !== undefined, cap);
    if (refused) return refused;
  }
  return undefined;
}

/** A cap that grows needs the stake for it at every node that sits there and does not retire. */
function stakeRefusal(model: Model, terms: bigint, cap: bigint): ModelOutcome | undefined {
  if (cap <= capOf(terms)) return undefined;
  return thinRefusal(model, unpackTerms(terms).nodeIds, cap);
}

/** Who comes to the next epoch's seats needs the stake for its cap, and where that grows, everyone does. */
function growthRefusal(model: Model, next: bigint, before: bigint): ModelOutcome | undefined {
  const { nodeIds, cap } = unpackTerms(next);
  const isAsked = (nodeId: number) => cap > capOf(before) || seatOf(before, nodeId) === undefined;
  return thinRefusal(model, nodeIds.filter(isAsked), cap);
}

function thinRefusal(model: Model, nodeIds: readonly number[], cap: bigint): ModelOutcome | undefined {
  const isThin = nodeIds.some((nodeId) => {
    const node = nodeIn(model, nodeId);
    if (node === undefined || (node.retiredFrom !== 0 && !isLiftable(model, node))) return false;
    // A retirement that may still be taken back leaves the stake that the seats will stand on.
    return node.stake - node.thawing < stakeFor(model, cap);
  });
  return isThin ? refuse("STAKE_TOO_SMALL_FOR_CAP") : undefined;
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
