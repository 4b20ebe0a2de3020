import type { LimitCode } from "../cells/index.ts";
import type { CellElsewhere } from "../cells/limits/CellElsewhere.ts";
import type { Incident } from "../cells/limits/createIncidents.ts";
import type { Refusal } from "../edge/Refusal.ts";

/** What the thread is begun with. */
export interface WatchdogSettings {
  /** Where it listens for the edge's processes. */
  readonly socketPath: string;
  /** What visitors are told whose request a limit ends. */
  readonly refusals: Readonly<Record<LimitCode, Refusal>>;
}

/** Agent to watchdog. */
export type WatchdogOrder =
  | { readonly type: "began"; readonly cell: CellElsewhere }
  | { readonly type: "ended"; readonly id: string }
  | { readonly type: "stop" };

/** Watchdog to agent; what it does goes before. */
export type WatchdogNews =
  | { readonly type: "ready" }
  | { readonly type: "incident"; readonly spec: CellElsewhere["spec"]; readonly incident: Incident }
  | { readonly type: "replace"; readonly projectId: bigint; readonly socketPath: string }
  | {
      readonly type: "failed";
      readonly message: string;
      readonly error: unknown;
      readonly about: Readonly<Record<string, unknown>>;
    };
