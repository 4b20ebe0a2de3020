import type { Context } from "hono";
import { isHash } from "viem";
import type { ApiParts } from "./ApiParts.ts";
import { badRequest } from "./pathParameters.ts";

/**
 * `GET node`: what the node says of itself. With `?nonce=0x…` (32 bytes) also its operator's answer to that nonce, by
 * which others believe that the endpoint in the registry is this node's.
 */
export async function nodeRoute(
  c: Context,
  { nodeDocument, proveEndpoint }: Pick<ApiParts, "nodeDocument" | "proveEndpoint">,
): Promise<Response> {
  const document = await nodeDocument();
  const nonce = c.req.query("nonce");
  if (nonce === undefined) return c.json(document);
  if (!isHash(nonce)) throw badRequest("a nonce is 32 bytes in hexadecimal, with 0x before them", nonce);
  c.header("Cache-Control", "no-store");
  return c.json({ ...document, proof: await proveEndpoint(nonce) });
}
