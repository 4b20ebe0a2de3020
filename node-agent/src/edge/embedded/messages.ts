import type { CountReport } from "../CountReport.ts";
import type { ApiRates, ConnectionLimits, CutOptions, RequestLimits } from "../Edge.ts";
import type { EpochClock } from "../EpochClock.ts";
import type { CutRequest, Load } from "../Load.ts";
import type { Refusal } from "../Refusal.ts";
import type { Route } from "../Route.ts";

/** What an edge process is told once, before all else. */
export interface EdgeProcessSettings {
  readonly host: string;
  readonly port: number;
  /** Whether other processes of this edge listen on the same port. */
  readonly reusePort: boolean;
  readonly nodeId: number;
  readonly ownHosts: readonly string[];
  readonly unknownHosts: Refusal | undefined;
  readonly apiSocketPath: string;
  /** Where an `EdgeLine` is answered; absent: nowhere. */
  readonly lineSocketPath?: string | undefined;
  readonly spoolDirectory: string;
  readonly requestLimits: RequestLimits;
  readonly connectionLimits: ConnectionLimits;
  readonly apiRates: ApiRates;
}

/** Agent to edge process. The channel keeps the order: a `retire` comes after the routes that make it true. */
export type AgentMessage =
  | {
      readonly type: "start";
      readonly settings: EdgeProcessSettings;
      readonly clock: EpochClock;
      readonly routes: readonly Route[];
    }
  | { readonly type: "routes"; readonly routes: readonly Route[] }
  | { readonly type: "remove"; readonly projectIds: readonly string[] }
  | { readonly type: "clock"; readonly clock: EpochClock }
  | { readonly type: "ownHosts"; readonly ownHosts: readonly string[] }
  | { readonly type: "unknownHosts"; readonly refusal: Refusal | undefined }
  | { readonly type: "retire"; readonly id: number; readonly upstream: string }
  /** Ends what is under way at a cell and meant. */
  | ({ readonly type: "cut"; readonly id: number; readonly socketPath: string } & CutOptions)
  | { readonly type: "answer"; readonly sequence: number; readonly booked: boolean }
  | { readonly type: "close"; readonly graceMs: number };

/** How busy one cell is with what came by one process. Told ten times a second while there is something new. */
export interface LoadRow extends Load {
  readonly socketPath: string;
}

/** Edge process to agent. */
export type ProcessMessage =
  | {
      readonly type: "listening";
      readonly port: number;
      readonly reporter: string;
      readonly closedEpoch: number;
    }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | { readonly type: "counts"; readonly report: CountReport }
  | { readonly type: "wake"; readonly projectId: string }
  | { readonly type: "trouble"; readonly upstream: string; readonly error: string }
  | { readonly type: "load"; readonly rows: readonly LoadRow[] }
  /** With `id`: what the agent asked for is done. */
  | { readonly type: "cut"; readonly id?: number; readonly requests: readonly CutRequest[] }
  | { readonly type: "retired"; readonly id: number };

/** To an edge process, by its line to a thread beside the agent; as the agent's order. */
export type LineOrder = Extract<AgentMessage, { type: "cut" }>;

/** The other way. The agent, too, is told what was cut. */
export type LineReport =
  | { readonly type: "load"; readonly rows: readonly LoadRow[] }
  | { readonly type: "retired"; readonly upstream: string }
  | { readonly type: "done"; readonly id: number };
