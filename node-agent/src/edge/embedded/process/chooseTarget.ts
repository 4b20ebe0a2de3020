import { chooseSide, type SideWanted } from "../../common/chooseSide.ts";
import type { Refusal } from "../../Refusal.ts";
import type { RouteTarget, VersionTarget } from "../../Route.ts";
import type { Visitor } from "../../Visitor.ts";
import { isOwnPath } from "./isOwnPath.ts";
import type { RouteTable } from "./RouteTable.ts";
import type { RequestTarget } from "./readTarget.ts";

/** Whom a tenant's request is counted for, and which version answers it. */
export interface Tenant {
  readonly projectId: string;
  readonly version: number;
}

/** A request is passed on: `upstream` is a unix socket, or another node's origin. */
export type Passed =
  | {
      readonly kind: "agent";
      readonly upstream: string;
      readonly tenant?: undefined;
      readonly bodyBytes?: undefined;
    }
  | {
      readonly kind: "cell" | "remote";
      readonly upstream: string;
      readonly tenant: Tenant;
      /** What a request's body may have; absent: as the node says. */
      readonly bodyBytes?: number | undefined;
    };

/** Where a request goes. */
export type Choice =
  | Passed
  | { readonly kind: "sleeping"; readonly tenant: Tenant }
  | { readonly kind: "refused"; readonly refusal: Refusal };

const ACME_PREFIX = "/.well-known/acme-challenge/";
/** A token is base64url (RFC 8555, 8.3): nothing that an upstream could take for `..`. */
const ACME_PATH = /^\/\.well-known\/acme-challenge\/[\w-]+(?:\?.*)?$/;

/** What this process knows of names. */
export interface KnownHosts {
  /** Those of the node itself. */
  readonly ownHosts: ReadonlySet<string>;
  /** What a name without a route gets; undefined: that nothing is served for it. */
  readonly unknownHosts: Refusal | undefined;
  readonly apiSocketPath: string;
  readonly routes: RouteTable;
}

type Asker = SideWanted & Pick<Visitor, "hops">;

/** Where a request goes by the routes of this moment. */
export function chooseTarget(edge: KnownHosts, { host, path }: RequestTarget, asker: Asker): Choice {
  const agent: Choice = { kind: "agent", upstream: edge.apiSocketPath };
  if (host.isAddress || edge.ownHosts.has(host.name)) return agent;
  const route = edge.routes.find(host.name);
  if (route === undefined && edge.unknownHosts !== undefined)
    return { kind: "refused", refusal: edge.unknownHosts };
  if (route === undefined) return refused(404, "UNKNOWN_HOST", `nothing is served here for ${host.name}`);
  if (path.startsWith(ACME_PREFIX)) {
    return ACME_PATH.test(path) ? agent : refused(404, "NOT_FOUND", "there is no such challenge");
  }
  if (isOwnPath(path))
    return refused(404, "NOT_FOUND", "what a deployment has below /.worker3 is not served");
  return targetChoice(route.projectId, route.target, asker);
}

function targetChoice(projectId: string, target: RouteTarget, asker: Asker): Choice {
  switch (target.kind) {
    case "refused":
      return { kind: "refused", refusal: target };
    case "split":
      return versionChoice(projectId, chooseSide(projectId, target, asker), asker);
    default:
      return versionChoice(projectId, target, asker);
  }
}

function versionChoice(projectId: string, target: VersionTarget, { hops }: Asker): Choice {
  const tenant = { projectId, version: target.version };
  switch (target.kind) {
    case "sleeping":
      return { kind: "sleeping", tenant };
    case "cell":
      return { kind: "cell", upstream: target.socketPath, tenant, bodyBytes: target.bodyBytes };
    case "remote":
      if (hops === 0) return { kind: "remote", upstream: target.origin, tenant };
      return refused(508, "LOOP_DETECTED", "nodes forward the request to one another");
  }
}

function refused(status: number, code: string, message: string): Choice {
  return { kind: "refused", refusal: { status, code, message } };
}
