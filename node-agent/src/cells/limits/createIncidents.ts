import type { LimitCode } from "./CellLimits.ts";

/** A version went over a limit. */
export interface Incident {
  readonly projectId: bigint;
  readonly version: number;
  readonly code: LimitCode;
  /** What happened, with the figures. */
  readonly message: string;
}

/** As an owner may read it. */
export interface IncidentDocument {
  readonly at: string;
  readonly version: number;
  readonly code: LimitCode;
  readonly message: string;
  /** Of requests that were cut off by it, as their visitors were told; the first of them. */
  readonly requestIds: readonly string[];
}

export interface Incidents {
  add(incident: Incident): void;
  /** A request was cut off; it belongs to the newest incident of its kind, or is one of its own. */
  addRequest(request: Omit<Incident, "message"> & { readonly id: string }): void;
  /** The newest first. */
  of(projectId: bigint): readonly IncidentDocument[];
}

const KEPT = 20;
const IDS_KEPT = 10;
/** A cut is told within moments of its incident. */
const SAME_MS = 2_000;
const MAX_PROJECTS = 10_000;

/** The newest incidents of each project, in memory: what its owner sees beside "it does not work". */
export function createIncidents({ nowMs = Date.now }: { nowMs?: () => number } = {}): Incidents {
  const byProject = new Map<bigint, (IncidentDocument & { requestIds: string[] })[]>();

  function add({ projectId, version, code, message }: Incident, requestIds: string[] = []): void {
    const own = byProject.get(projectId) ?? [];
    byProject.delete(projectId);
    byProject.set(projectId, own);
    own.unshift({ at: new Date(nowMs()).toISOString(), version, code, message, requestIds });
    own.length = Math.min(own.length, KEPT);
    const [oldest] = byProject.keys();
    if (byProject.size > MAX_PROJECTS && oldest !== undefined) byProject.delete(oldest);
  }

  return {
    add: (incident) => add(incident),
    addRequest({ id, ...request }) {
      const same = byProject
        .get(request.projectId)
        ?.find(({ version, code }) => version === request.version && code === request.code);
      if (same === undefined || nowMs() - Date.parse(same.at) > SAME_MS) {
        add({ ...request, message: "a request was cut off" }, [id]);
      } else if (same.requestIds.length < IDS_KEPT) {
        same.requestIds.push(id);
      }
    },
    of: (projectId) => byProject.get(projectId) ?? [],
  };
}
