import type { Counter } from "../../common/Counter.ts";
import type { RequestLimits } from "../messages.ts";
import type { RouteTable } from "./RouteTable.ts";
import type { Upstreams } from "./Upstreams.ts";
import type { Visit } from "./Visit.ts";
import type { WakeQueue } from "./WakeQueue.ts";

/** The parts of an edge process that a visitor's request meets. */
export interface EdgeContext {
  readonly nodeId: number;
  ownHosts: ReadonlySet<string>;
  readonly apiSocketPath: string;
  readonly requestLimits: RequestLimits;
  readonly routes: RouteTable;
  readonly wakes: WakeQueue;
  readonly upstreams: Upstreams<Visit>;
  readonly counter: Counter;
  /** Tells the agent that an upstream refused or died. */
  readonly trouble: (socketPath: string, error: string) => void;
  /** Whether the process is told to end: connections are not kept alive. */
  isClosing: boolean;
}
