import type { Counter } from "../../common/Counter.ts";
import type { RequestLimits } from "../../Edge.ts";
import type { Refusal } from "../../Refusal.ts";
import type { Connections } from "./Connections.ts";
import type { KnownHosts } from "./chooseTarget.ts";
import type { Egress } from "./Egress.ts";
import type { OwnHostRates } from "./OwnHostRates.ts";
import type { Upstreams } from "./Upstreams.ts";
import type { WakeQueue } from "./WakeQueue.ts";

/** The parts of an edge process that a visitor's request meets. */
export interface EdgeContext extends KnownHosts {
  readonly nodeId: number;
  ownHosts: ReadonlySet<string>;
  unknownHosts: Refusal | undefined;
  readonly requestLimits: RequestLimits;
  readonly connections: Connections;
  readonly ownHostRates: OwnHostRates;
  readonly wakes: WakeQueue;
  readonly upstreams: Upstreams;
  readonly counter: Counter;
  readonly egress: Egress;
  /** Tells the agent that an upstream refused or died. */
  readonly trouble: (upstream: string, error: string) => void;
  /** Logs an error of this process's own in the handling of what a visitor sent. */
  readonly fault: (error: unknown) => void;
  /** Whether the process is told to end: connections are not kept alive. */
  isClosing: boolean;
}
