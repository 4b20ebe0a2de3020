import type { ChainProject } from "../chain/view/chainProject.ts";
import type { StoredContent } from "../content/ContentStore.ts";
import { monotonicMs } from "../process/monotonicMs.ts";
import type { Fetches } from "./createFetches.ts";
import type { ProjectCells } from "./createProjectCells.ts";
import type { Routes } from "./createRoutes.ts";
import {
  type Actual,
  type Decision,
  decide,
  type StepDecision,
  type Wanted as WantedHere,
} from "./decide.ts";
import { type CanaryDecision, decideCanary } from "./decideCanary.ts";
import { cellState, warmCell } from "./ownCells.ts";
import type { ProjectState, Served } from "./ProjectState.ts";
import type { ReconcilerParts } from "./Reconciler.ts";
import { troubleOf } from "./troubleOf.ts";
import { UNPAID_GRACE_MS } from "./unpaidCut.ts";

export interface PassParts
  extends Pick<
    ReconcilerParts,
    "project" | "seat" | "funded" | "hosts" | "content" | "checkContent" | "denies"
  > {
  readonly settings: {
    readonly serveUnpaid: boolean;
    readonly drainMs: number;
    readonly lingerMs: number;
  };
  readonly routes: Routes;
  readonly cells: Pick<ProjectCells, "start" | "retire" | "makeReady">;
  readonly fetches: Fetches;
  readonly forget: (projectId: bigint) => void;
}

/** A version that the chain wants served, and its content where that is here. */
interface Wanted extends Served {
  readonly content: StoredContent | undefined;
}

/** Content that this node cannot serve is looked at again after so long: a newer agent may. */
const UNSUPPORTED_RETRY_MS = 3_600_000;

/** One look at a project: reads what is wanted and what is there, tells the edge, and begins the next step. */
export function createPass(parts: PassParts): (state: ProjectState) => Promise<void> {
  const { routes, cells, fetches, settings } = parts;

  return async (state) => {
    const project = parts.project(state.projectId);
    const active = await wantedOf(project, project.active);
    const split = await wantedOf(project, project.split?.version ?? 0);
    const denies = ({ cid }: Served) => parts.denies(state.projectId, cid);
    const canary = split === undefined || denies(split) ? undefined : split;
    // From here on nothing waits: what is read holds until it is acted on.
    noteWanted(state, active);
    for (const wanted of [active, canary])
      if (wanted?.content !== undefined) noteTrouble(state, wanted.content);
    // Who asked was told; when its time has come, somebody has to ask again.
    for (const cid of state.troubles.keys()) state.askedFor.delete(cid);

    state.seat = parts.seat(project);
    const wanted: WantedHere = {
      seat: state.seat,
      isDenied: active !== undefined && denies(active),
      version: active?.version ?? 0,
      funded: parts.funded(state.projectId),
      capReached: state.capReached,
    };
    const served = servedOf(state)?.version;
    const decision = decide(wanted, { ...actualOf(state, active), served }, settings);
    const beside =
      state.seat === "prepares"
        ? aheadOf(state, decision, { ...wanted, version: canary?.version ?? 0 }, canary)
        : canaryOf(state, decision, canary);
    applyRoute(state, project, { decision, active, beside, canary });
    takeStep(state, project, decision.step, active);
    takeStep(state, project, beside.step, canary);
    fetches.keep(state, new Set([active, canary].flatMap((wanted) => wanted?.cid ?? [])));
    retireOthers(state, decision, active, canary);
    if (decision.step === "forget" && state.cells.length === 0) parts.forget(state.projectId);
  };

  /** What visitors get, as long as its content is here: it may have been found damaged, or dropped. */
  function servedOf({ route }: ProjectState): Served | undefined {
    const [served] = route?.served ?? [];
    return served !== undefined && parts.content.has(served.cid) ? served : undefined;
  }

  async function wantedOf({ versions }: ChainProject, version: number): Promise<Wanted | undefined> {
    const cid = versions.find((known) => known.version === version)?.cid;
    return cid === undefined ? undefined : { version, cid, content: await parts.content.get(cid) };
  }

  function noteWanted(state: ProjectState, active: Wanted | undefined): void {
    const { lastWanted, fetches: fetching } = state;
    if (active === undefined) return;
    const { version, cid } = active;
    if (lastWanted?.cid === cid && lastWanted.version === version) return;
    // At the agent's start a project sleeps until somebody asks; a version that goes live later is made warm.
    if (lastWanted !== undefined || fetching.size > 0) {
      state.askedFor.clear();
      state.askedFor.add(cid);
      // What its owner activates is tried at once, whatever became of it before.
      state.health.delete(cid);
      state.troubles.delete(cid);
    }
    state.lastWanted = { version, cid };
    state.prepared.delete(cid);
  }

  function noteTrouble(state: ProjectState, content: StoredContent): void {
    const known = state.troubles.get(content.cid);
    if (known !== undefined && known.retryAtMs > monotonicMs()) return;
    state.troubles.delete(content.cid);
    try {
      parts.checkContent(content);
    } catch (error) {
      state.troubles.set(content.cid, troubleOf(error, monotonicMs() + UNSUPPORTED_RETRY_MS));
    }
  }

  function canaryOf(state: ProjectState, decision: Decision, canary: Wanted | undefined): CanaryDecision {
    if (canary === undefined) return { isServed: false, step: "none" };
    const isServed = state.route?.served[1]?.cid === canary.cid;
    return decideCanary(decision, { ...actualOf(state, canary), isServed });
  }

  /** Of a seat of the next epoch the second version of a split is made ready as the first is. */
  function aheadOf(
    state: ProjectState,
    active: Decision,
    wanted: WantedHere,
    canary: Wanted | undefined,
  ): { isServed: false; step: StepDecision } {
    if (canary === undefined || active.step === "stop") return { isServed: false, step: "none" };
    const { step } = decide(wanted, { ...actualOf(state, canary), served: undefined }, settings);
    return { isServed: false, step };
  }

  function applyRoute(
    state: ProjectState,
    project: ChainProject,
    chosen: {
      decision: Decision;
      active: Wanted | undefined;
      beside: Pick<CanaryDecision, "isServed">;
      canary: Wanted | undefined;
    },
  ): void {
    const { route } = chosen.decision;
    const hosts = parts.hosts(project);
    if (route.to === "nowhere") routes.remove(state);
    else if (route.to === "refusal") routes.refuse(state, route.refusal, hosts);
    else if (route.to === "keep") {
      const { served = [], bps = 0 } = state.route ?? {};
      routes.serve(state, { served, bps, hosts });
    } else {
      const { active, canary, beside } = chosen;
      const both = [active, beside.isServed ? canary : undefined];
      const served = both.flatMap((one) =>
        one === undefined ? [] : [{ version: one.version, cid: one.cid }],
      );
      routes.serve(state, { served, bps: beside.isServed ? (project.split?.bps ?? 0) : 0, hosts });
    }
  }

  function takeStep(
    state: ProjectState,
    project: ChainProject,
    step: StepDecision,
    wanted: Wanted | undefined,
  ): void {
    if (step === "forget" || step === "stop") {
      // Without a seat nobody pays for what is still under way.
      const mostMs = step === "forget" ? UNPAID_GRACE_MS : settings.drainMs;
      const how = { drainMs: Math.min(settings.drainMs, mostMs), lingerMs: settings.lingerMs };
      for (const own of [...state.cells]) cells.retire(state, own, how);
      state.fetches.clear();
      state.askedFor.clear();
    } else if (step === "prepare" && wanted?.content !== undefined) {
      cells.makeReady(state, wanted.content);
    } else if (step === "fetch" && wanted !== undefined) {
      fetches.begin(state, project, wanted.cid);
    } else if (step === "start" && wanted?.content !== undefined) {
      // Not waited for: a worker that takes its time to start holds up nobody else. What went wrong is noted.
      cells.start(state, wanted.content, wanted.version).catch(() => undefined);
    }
  }

  /** Cells that visitors are not sent to, and that are not there for a version to come. */
  function retireOthers(
    state: ProjectState,
    { route }: Decision,
    active: Wanted | undefined,
    canary: Wanted | undefined,
  ): void {
    // A cell is for visitors, or for a version to come: a seat of the next epoch has neither yet.
    const kept = new Set(state.seat === "serves" ? [...state.prepared.keys(), ...state.askedFor] : []);
    for (const { cid } of state.route?.served ?? []) kept.add(cid);
    for (const one of [active, canary]) {
      if (one !== undefined && cellState(state, one.cid) === "starting") kept.add(one.cid);
    }
    // While the cap is reached the cells of the served versions wait for the next epoch.
    if (route.to === "refusal" && state.capReached) {
      for (const one of [active, canary]) if (one !== undefined) kept.add(one.cid);
    }
    for (const own of [...state.cells]) {
      const isOlder = own.life === "warm" && warmCell(state, own.cid) !== own.cell;
      if (isOlder || !kept.has(own.cid)) cells.retire(state, own);
    }
  }
}

function actualOf(state: ProjectState, wanted: Wanted | undefined): Omit<Actual, "served"> {
  const { cid = "", content } = wanted ?? {};
  return {
    hasContent: content !== undefined,
    trouble: state.troubles.get(cid),
    cell: cellState(state, cid),
    isAskedFor: state.askedFor.has(cid),
    isResting: (state.health.get(cid)?.restUntilMs ?? 0) > monotonicMs(),
  };
}
