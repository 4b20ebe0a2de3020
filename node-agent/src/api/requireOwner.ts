import { verifyRequest } from "@worker3/sdk";
import type { Context } from "hono";
import { ApiError } from "./ApiError.ts";
import type { ApiParts } from "./ApiParts.ts";
import { decodeRequestHeader } from "./requestHeader.ts";
import { unknownProject } from "./unknownProject.ts";

/** A signed request is for now. */
const MAX_AHEAD_SECONDS = 15 * 60;

type Parts = Pick<ApiParts, "nodeId" | "network" | "nowSeconds" | "ownerOf" | "isVouchedBy" | "recoverKey">;

/**
 * Lets through what a project's owner signed for this request at this node.
 *
 * @throws {ApiError} `REQUEST_SIGNATURE_WRONG`, `UNKNOWN_PROJECT`; or what `verifyRequest` throws.
 */
export async function requireOwner(
  c: Context,
  projectId: bigint,
  header: string,
  parts: Parts,
): Promise<void> {
  const { network, nowSeconds, isVouchedBy, recoverKey } = parts;
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
    isVouchedBy,
    recoverKey,
  });
}
