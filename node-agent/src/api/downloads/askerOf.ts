import { checkDeadline, hashMessage } from "@worker3/sdk";
import type { Context } from "hono";
import type { Address } from "viem";
import { networkOf } from "../../edge/networkOf.ts";
import type { ApiParts } from "../ApiParts.ts";
import { decodeRequestHeader, REQUEST_HEADER } from "../requestHeader.ts";
import type { Asker } from "./createDownloads.ts";

/** Set by the edge, of the connection that it holds; nobody else reaches the agent. */
const ADDRESS_HEADER = "cf-connecting-ip";
/** A signed request is for now. */
const MAX_AHEAD_SECONDS = 15 * 60;

type Parts = Pick<ApiParts, "nodeId" | "network" | "nowSeconds" | "recoverKey" | "isReplica">;

/**
 * Who asks for a content: another replica of a project that names it, which signed the request with its operator's key, or
 * somebody. Whose signature does not count is somebody, too: what is public is not refused for it.
 */
export async function askerOf(c: Context, cid: string, parts: Parts): Promise<Asker> {
  const operator = await replicaOf(c, cid, parts).catch(() => undefined);
  if (operator !== undefined) return { kind: "peer", operator };
  return { kind: "stranger", network: networkOf(c.req.header(ADDRESS_HEADER) ?? "") };
}

async function replicaOf(c: Context, cid: string, parts: Parts): Promise<Address | undefined> {
  const header = c.req.header(REQUEST_HEADER);
  if (header === undefined) return undefined;
  const { request, signature } = decodeRequestHeader(header);
  const { method, path, nodeId, deadline } = request;
  if (method !== c.req.method || path !== c.req.path || nodeId !== parts.nodeId) return undefined;
  checkDeadline({ deadline, nowSeconds: parts.nowSeconds(), maxAheadSeconds: MAX_AHEAD_SECONDS });
  const hash = hashMessage(parts.network, "SignedRequest", request);
  const key = await parts.recoverKey({ hash, signature });
  return key !== undefined && parts.isReplica(key, cid) ? key : undefined;
}
