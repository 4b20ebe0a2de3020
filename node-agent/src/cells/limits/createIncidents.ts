import type { Logger } from "pino";
import type { CellEnd, CellSpec } from "../Cell.ts";
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

/** A request that was cut off at a limit. */
export interface RequestOverLimit extends Omit<Incident, "message"> {
  /** What its visitor was told. */
  readonly id: string;
}

export interface Incidents {
  /** Logs it, too. */
  add(incident: Incident): void;
  /** A cell ended; where the kernel ended it for want of memory, that is an incident. */
  cellEnded(spec: CellSpec, end: CellEnd): void;
  /** A request was cut off; it belongs to the newest incident of its kind, or is one of its own. Logged, too. */
  addRequest(request: RequestOverLimit): void;
  /** The newest first. */
  of(projectId: bigint): readonly IncidentDocument[];
}

const KEPT = 20;
const IDS_KEPT = 10;
/** A cut is told within moments of its incident. */
const SAME_MS = 2_000;
const MAX_PROJECTS = 10_000;

/** The newest incidents of each project, in memory: what its owner sees beside "it does not work". */
export function createIncidents({
  logger,
  nowMs = Date.now,
}: {
  logger: Pick<Logger, "warn">;
  nowMs?: () => number;
}): Incidents {
  const byProject = new Map<bigint, (IncidentDocument & { requestIds: string[] })[]>();

  function keep({ projectId, version, code, message }: Incident, requestIds: string[] = []): void {
    const own = byProject.get(projectId) ?? [];
    byProject.delete(projectId);
    byProject.set(projectId, own);
    own.unshift({ at: new Date(nowMs()).toISOString(), version, code, message, requestIds });
    own.length = Math.min(own.length, KEPT);
    const [oldest] = byProject.keys();
    if (byProject.size > MAX_PROJECTS && oldest !== undefined) byProject.delete(oldest);
  }

  function add(incident: Incident): void {
    const { projectId, version, code, message } = incident;
    logger.warn({ projectId: String(projectId), version, code, message }, "a limit was reached");
    keep(incident);
  }

  return {
    add,
    cellEnded({ projectId, version }, { outOfMemory }) {
      if (outOfMemory) add({ projectId, version, code: "MEMORY_LIMIT", message: "the kernel ended it" });
    },
    addRequest({ id, ...request }) {
      logger.warn({ ...request, projectId: String(request.projectId), id }, "a request was cut off");
      const same = byProject
        .get(request.projectId)
        ?.find(({ version, code }) => version === request.version && code === request.code);
      if (same === undefined || nowMs() - Date.parse(same.at) > SAME_MS) {
        keep({ ...request, message: "a request was cut off" }, [id]);
      } else if (same.requestIds.length < IDS_KEPT) {
        same.requestIds.push(id);
      }
    },
    of: (projectId) => byProject.get(projectId) ?? [],
  };
}
