import type { Logger } from "pino";
import type { CellEnd, CellSpec } from "../Cell.ts";
import type { LimitCode } from "./CellLimits.ts";

/** Requests that were under way when nobody paid for more are cut off, too. */
export type UnpaidCode = "CAP_REACHED" | "NO_CREDIT";

/** A version went over a limit. */
export interface Incident {
  readonly code: LimitCode | UnpaidCode;
  /** What happened, with the figures. */
  readonly message: string;
}

/** As an owner may read it. */
export interface IncidentDocument extends Incident {
  /** When it happened last. */
  readonly at: string;
  readonly version: number;
  /** How often, each within two seconds of the one before. */
  readonly count: number;
  /** Requests that were cut off by it. */
  readonly requests: number;
  /** Of those, as their visitors were told; the first of them. */
  readonly requestIds: readonly string[];
}

/** A request that was cut off at a limit. */
export interface RequestOverLimit {
  readonly projectId: bigint;
  readonly version: number;
  readonly code: LimitCode | UnpaidCode;
  /** What its visitor was told. */
  readonly id: string;
}

/** Whose incident it is. */
type IncidentSpec = Pick<CellSpec, "projectId" | "version" | "cid">;

export interface Incidents {
  /** Logs it, too. */
  add(spec: IncidentSpec, incident: Incident): void;
  /** A cell ended; where the kernel ended it for want of memory, that is an incident. */
  cellEnded(spec: IncidentSpec, end: CellEnd): void;
  /** Requests were cut off; they belong to the newest incident of their kind, or are one of their own. Logged, too. */
  addRequests(requests: readonly RequestOverLimit[]): void;
  /** The newest first. */
  of(projectId: bigint): readonly IncidentDocument[];
}

export interface IncidentsOptions {
  readonly logger: Pick<Logger, "warn">;
  /** The version that visitors get of a cell's content: one that was uploaded ahead had none when its cell began. */
  readonly versionOf?: (spec: IncidentSpec) => number;
  readonly nowMs?: () => number;
}

const KEPT = 20;
const IDS_KEPT = 10;
/** A cut is told within moments of its incident, and what goes on is one incident. */
const SAME_MS = 2_000;
const MAX_PROJECTS = 10_000;
/** What is said where only the cut was told of, as yet. */
const CUT_OFF = "requests were cut off";

type Kept = { -readonly [field in keyof IncidentDocument]: IncidentDocument[field] } & {
  requestIds: string[];
};

/** The newest incidents of each project, in memory: what its owner sees beside "it does not work". */
export function createIncidents(options: IncidentsOptions): Incidents {
  const { logger, versionOf = ({ version }) => version, nowMs = Date.now } = options;
  const byProject = new Map<bigint, Kept[]>();

  function ofProject(projectId: bigint): Kept[] {
    const own = byProject.get(projectId) ?? [];
    byProject.delete(projectId);
    byProject.set(projectId, own);
    const [oldest] = byProject.keys();
    if (byProject.size > MAX_PROJECTS && oldest !== undefined) byProject.delete(oldest);
    return own;
  }

  function lately(own: readonly Kept[], isSame: (kept: Kept) => boolean): Kept | undefined {
    return own.find((kept) => isSame(kept) && nowMs() - Date.parse(kept.at) <= SAME_MS);
  }

  function keep(own: Kept[], incident: Incident & { readonly version: number }): Kept {
    const kept = { at: new Date(nowMs()).toISOString(), ...incident, count: 1, requests: 0, requestIds: [] };
    own.unshift(kept);
    own.length = Math.min(own.length, KEPT);
    return kept;
  }

  function add(spec: IncidentSpec, { code, message }: Incident): void {
    const { projectId } = spec;
    const version = versionOf(spec);
    const own = ofProject(projectId);
    const same = lately(own, (kept) => kept.version === version && isAlike(kept, { code, message }));
    const toldBefore = lately(
      own,
      (kept) => kept.version === version && kept.code === code && kept.message === CUT_OFF,
    );
    if (same === undefined) {
      logger.warn({ projectId: String(projectId), version, code, message }, "a limit was reached");
      if (toldBefore === undefined) keep(own, { version, code, message });
      else toldBefore.message = message;
      return;
    }
    same.at = new Date(nowMs()).toISOString();
    same.message = message;
    same.count += 1;
  }

  return {
    add,
    cellEnded(spec, { outOfMemory }) {
      if (outOfMemory) add(spec, { code: "MEMORY_LIMIT", message: "the kernel ended it" });
    },
    addRequests(requests) {
      const groups = Map.groupBy(
        requests,
        ({ projectId, version, code }) => `${projectId} ${version} ${code}`,
      );
      for (const group of groups.values()) {
        const [first] = group;
        if (first === undefined) continue;
        const { projectId, version, code } = first;
        const ids = group.map(({ id }) => id);
        const about = { projectId: String(projectId), version, code };
        logger.warn({ ...about, count: ids.length, ids: ids.slice(0, IDS_KEPT) }, CUT_OFF);
        const own = ofProject(projectId);
        const incident =
          lately(own, (kept) => kept.version === version && kept.code === code) ??
          keep(own, { version, code, message: CUT_OFF });
        incident.requests += ids.length;
        incident.requestIds.push(...ids.slice(0, IDS_KEPT - incident.requestIds.length));
      }
    },
    of: (projectId) => byProject.get(projectId) ?? [],
  };
}

/** Whether two tell the same but for their figures. */
function isAlike(a: Incident, b: Incident): boolean {
  const shape = ({ code, message }: Incident) => `${code} ${message.replace(/\d+/g, "0")}`;
  return shape(a) === shape(b);
}
