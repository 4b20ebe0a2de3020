import { chooseSide, type SideWanted } from "../../common/chooseSide.ts";
import type { Refusal } from "../../Refusal.ts";
import type { RouteTarget, VersionTarget } from "../../Route.ts";
import type { RouteTable } from "./RouteTable.ts";
import type { RequestTarget } from "./readTarget.ts";

/** Whom a tenant's request is counted for, and which version answers it. */
export interface Tenant {
  readonly projectId: string;
  readonly version: number;
}

/** Where a request goes; without `tenant` to the agent itself. */
export type Choice =
  | { readonly kind: "upstream"; readonly socketPath: string; readonly tenant: Tenant | undefined }
  | { readonly kind: "sleeping"; readonly tenant: Tenant }
  | { readonly kind: "refused"; readonly refusal: Refusal };

const ACME_PREFIX = "/.well-known/acme-challenge/";
/** A token is base64url (RFC 8555, 8.3): nothing that an upstream could take for `..`. */
const ACME_PATH = /^\/\.well-known\/acme-challenge\/[\w-]+(?:\?.*)?$/;

/** What this process knows of names. */
export interface KnownHosts {
  /** Those of the node itself. */
  readonly ownHosts: ReadonlySet<string>;
  readonly apiSocketPath: string;
  readonly routes: RouteTable;
}

/** Where a request goes by the routes of this moment. */
export function chooseTarget(edge: KnownHosts, { host, path }: RequestTarget, visitor: SideWanted): Choice {
  const agent: Choice = { kind: "upstream", socketPath: edge.apiSocketPath, tenant: undefined };
  if (host.isAddress || edge.ownHosts.has(host.name)) return agent;
  const route = edge.routes.find(host.name);
  if (route === undefined) return refused(404, "UNKNOWN_HOST", `nothing is served here for ${host.name}`);
  if (path.startsWith(ACME_PREFIX)) {
    return ACME_PATH.test(path) ? agent : refused(404, "NOT_FOUND", "there is no such challenge");
  }
  return targetChoice(route.projectId, route.target, visitor);
}

function targetChoice(projectId: string, target: RouteTarget, visitor: SideWanted): Choice {
  switch (target.kind) {
    case "refused":
      return { kind: "refused", refusal: target };
    case "split":
      return versionChoice(projectId, chooseSide(projectId, target, visitor));
    default:
      return versionChoice(projectId, target);
  }
}

function versionChoice(projectId: string, target: VersionTarget): Choice {
  const tenant = { projectId, version: target.version };
  return target.kind === "sleeping"
    ? { kind: "sleeping", tenant }
    : { kind: "upstream", socketPath: target.socketPath, tenant };
}

function refused(status: number, code: string, message: string): Choice {
  return { kind: "refused", refusal: { status, code, message } };
}
