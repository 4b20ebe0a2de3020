import type { Context } from "hono";
import { getAddress, isAddress } from "viem";
import type { ApiParts } from "./ApiParts.ts";
import { badRequest, projectIdIn } from "./pathParameters.ts";

const LIMITS = { default: 50, most: 100 };

/**
 * `GET index/projects?owner=0x…&after=<projectId>&limit=N`: the projects of an account, by their ids, as far as this node
 * has read the chain. Whoever relies on it compares with the chain: a node can leave out what it likes.
 */
export function indexRoute(c: Context, { ownedProjects }: Pick<ApiParts, "ownedProjects">): Response {
  const { owner = "", after, limit } = c.req.query();
  if (!isAddress(owner)) {
    throw badRequest(
      "owner is an address: 0x and 40 hexadecimal digits, with a right checksum or none",
      owner,
    );
  }
  c.header("Cache-Control", "no-store");
  return c.json(
    ownedProjects({
      owner: getAddress(owner),
      after: after === undefined ? 0n : projectIdIn(after),
      limit: limit === undefined ? LIMITS.default : limitIn(limit),
    }),
  );
}

function limitIn(text: string): number {
  const limit = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= LIMITS.most) return limit;
  throw badRequest(`limit is a number from 1 to ${LIMITS.most}`, text);
}
