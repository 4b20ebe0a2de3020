import type { Context } from "hono";
import type { ApiParts } from "./ApiParts.ts";
import { epochIn, projectIdIn } from "./pathParameters.ts";
import { REQUEST_HEADER } from "./requestHeader.ts";
import { requireOwner } from "./requireOwner.ts";
import { unknownProject } from "./unknownProject.ts";

type Parts = Pick<
  ApiParts,
  | "nodeId"
  | "network"
  | "nowSeconds"
  | "usageTotals"
  | "usageMinutes"
  | "ownerOf"
  | "isVouchedBy"
  | "recoverKey"
>;

/** `GET usage/{id}/{epoch}`: what the node counted. The minutes are for the owner, who asks with a signed request. */
export async function usageRoute(c: Context, parts: Parts): Promise<Response> {
  const projectId = projectIdIn(c.req.param("id") ?? "");
  const epoch = epochIn(c.req.param("epoch") ?? "");
  const totals = parts.usageTotals(projectId, epoch);
  if (totals === undefined) throw unknownProject(projectId);
  const header = c.req.header(REQUEST_HEADER);
  if (header !== undefined) await requireOwner(c, projectId, header, parts);
  c.header("Vary", REQUEST_HEADER, { append: true });
  c.header("Cache-Control", "no-store");
  return c.json({
    projectId: String(projectId),
    nodeId: parts.nodeId,
    epoch,
    totals: {
      requests: String(totals.requests),
      cpuMs: String(totals.cpuMs),
      egressKiB: String(totals.egressKiB),
      storedMiB: String(totals.storedMiB),
    },
    ...(header === undefined ? {} : { minutes: parts.usageMinutes(projectId, epoch) }),
  });
}
