import type { Logger } from "pino";
import type { Route, RouteTarget, VersionTarget } from "../edge/Route.ts";
import type { Refusal } from "./decide.ts";
import { warmCell } from "./ownCells.ts";
import type { OwnRoute, ProjectState, Served } from "./ProjectState.ts";

export interface RoutesParts {
  readonly edge: {
    setRoutes(routes: readonly Route[]): void;
    removeRoutes(projectIds: readonly string[]): void;
  };
  readonly logger: Pick<Logger, "info">;
}

/** What the edge is told of projects. It is told what changed, and nothing twice. */
export interface Routes {
  serve(state: ProjectState, what: Pick<OwnRoute, "served" | "bps" | "hosts">): void;
  refuse(state: ProjectState, refusal: Refusal, hosts: readonly string[]): void;
  remove(state: ProjectState): void;
  /** The cells of a project changed: whom it serves stays. */
  refresh(state: ProjectState): void;
}

export function createRoutes({ edge, logger }: RoutesParts): Routes {
  function set(state: ProjectState, next: OwnRoute): void {
    const { route } = state;
    if (route !== undefined && JSON.stringify(route) === JSON.stringify(next)) return;
    const projectId = String(state.projectId);
    edge.setRoutes([{ projectId, hosts: next.hosts, target: next.target }]);
    const told = toldOf(next);
    if (route === undefined || toldOf(route) !== told) logger.info({ projectId, served: next.served }, told);
    state.route = next;
  }

  const serve: Routes["serve"] = (state, what) => set(state, { ...what, target: targetOf(state, what) });
  return {
    serve,
    refuse: (state, refusal, hosts) =>
      set(state, { served: [], bps: 0, hosts, target: { kind: "refused", ...refusalOf(refusal) } }),
    remove(state) {
      if (state.route !== undefined) edge.removeRoutes([String(state.projectId)]);
      state.route = undefined;
    },
    refresh(state) {
      if (state.route !== undefined && state.route.served.length > 0) serve(state, state.route);
    },
  };
}

/** Only what visitors are told. */
function refusalOf({ status, code, message, retryAfterSeconds }: Refusal): Refusal {
  return { status, code, message, retryAfterSeconds };
}

function targetOf(state: ProjectState, { served, bps }: Pick<OwnRoute, "served" | "bps">): RouteTarget {
  const [active, canary] = served.map((version) => versionTarget(state, version));
  if (active === undefined) throw new Error(`project ${state.projectId} is routed to no version`);
  return canary === undefined ? active : { kind: "split", active, canary, bps };
}

function versionTarget(state: ProjectState, { cid, version }: Served): VersionTarget {
  const cell = warmCell(state, cid);
  return cell === undefined
    ? { kind: "sleeping", version }
    : { kind: "cell", version, socketPath: cell.socketPath, bodyBytes: cell.limits.bodyBytes };
}

function toldOf({ target, served }: OwnRoute): string {
  const versions = served.map(({ version }) => version).join(" and ");
  return target.kind === "refused" ? `refused: ${target.code}` : `${target.kind}: version ${versions}`;
}
