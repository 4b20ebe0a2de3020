/** What serves one version. */
export type VersionTarget =
  | { readonly kind: "cell"; readonly version: number; readonly socketPath: string }
  /** The edge asks the agent for a cell, and holds requests until a route with one comes. */
  | { readonly kind: "sleeping"; readonly version: number };

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
