import { verifyRequest } from "@worker3/sdk";
import type { Context } from "hono";
import { ApiError } from "./ApiError.ts";
import type { ApiParts } from "./ApiParts.ts";
import { epochIn, projectIdIn } from "./pathParameters.ts";
import { decodeRequestHeader, REQUEST_HEADER } from "./requestHeader.ts";
import { unknownProject } from "./unknownProject.ts";

/** A signed request is for now. */
const MAX_AHEAD_SECONDS = 15 * 60;

type Parts = Pick<
  ApiParts,
  "nodeId" | "network" | "nowSeconds" | "usageTotals" | "usageMinutes" | "ownerOf" | "publicClient"
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
    },
    ...(header === undefined ? {} : { minutes: parts.usageMinutes(projectId, epoch) }),
  });
}

async function requireOwner(c: Context, projectId: bigint, header: string, parts: Parts): Promise<void> {
  const { network, nowSeconds, publicClient } = parts;
  const { request, signature } = decodeRequestHeader(header);
  const isThisRequest =
    request.method === c.req.method && request.path === c.req.path && request.nodeId === parts.nodeId;
  if (!isThisRequest) {
    throw new ApiError({
      code: "REQUEST_SIGNATURE_WRONG",
      message: "the signature is for another request or another node",
      value: `${request.method} ${request.path} at node ${request.nodeId}`,
      next: `sign ${c.req.method} ${c.req.path} at node ${parts.nodeId}`,
    });
  }
  const signer = await parts.ownerOf(projectId);
  if (signer === undefined) throw unknownProject(projectId);
  await verifyRequest({
    network,
    request,
    signature,
    signer,
    nowSeconds: nowSeconds(),
    maxAheadSeconds: MAX_AHEAD_SECONDS,
    publicClient,
  });
}
