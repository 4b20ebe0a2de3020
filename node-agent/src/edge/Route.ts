import { EdgeError } from "./EdgeError.ts";

/** What serves one version. */
export type VersionTarget =
  | {
      readonly kind: "cell";
      readonly version: number;
      readonly socketPath: string;
      /** What a request's body may have, in bytes; absent: what the node lets all have. */
      readonly bodyBytes?: number | undefined;
    }
  /** The edge asks the agent for a cell, and holds requests until a route with one comes. */
  | { readonly kind: "sleeping"; readonly version: number }
  /**
   * Another node answers, and this one, where the visitor is connected, counts the request; the other cannot believe that
   * and counts it too, until nodes sign what they forward. No decision in `reconcile` uses it yet.
   */
  | {
      readonly kind: "remote";
      readonly version: number;
      /** `http(s)://host[:port]` as `URL.origin` writes it; whoever sets the route answers for where that leads. */
      readonly origin: string;
    };

/** What a project's host names lead to. */
export type RouteTarget =
  | VersionTarget
  /** Of 10,000 visitors `bps` get the canary, always the same ones. */
  | {
      readonly kind: "split";
      readonly active: VersionTarget;
      readonly canary: VersionTarget;
      readonly bps: number;
    }
  /** Answered by the edge itself, and never counted. */
  | {
      readonly kind: "refused";
      readonly status: number;
      /** Upper snake case, for the header `worker3-error`. */
      readonly code: string;
      readonly message: string;
      readonly retryAfterSeconds?: number | undefined;
      readonly version?: number;
    };

/** Everything the edge knows of a project. A newer route of the same project replaces the older as a whole. */
export interface Route {
  readonly projectId: string;
  /** Exact names in lower case, without port or trailing dot. */
  readonly hosts: readonly string[];
  readonly target: RouteTarget;
}

/**
 * Checks what the types of a route do not say.
 *
 * @throws {EdgeError} `ROUTE_INVALID`: the origin of another node is none.
 */
export function checkRoute({ projectId, target }: Route): void {
  const sides = target.kind === "split" ? [target.active, target.canary] : [target];
  for (const side of sides) {
    if (
      side.kind !== "remote" ||
      (/^https?:/.test(side.origin) && URL.parse(side.origin)?.origin === side.origin)
    )
      continue;
    throw new EdgeError({
      code: "ROUTE_INVALID",
      message: `project ${projectId} is routed to a node whose origin is none`,
      value: side.origin,
      next: "give it as http://host:port, without a path",
    });
  }
}
