import type { Context } from "hono";
import type { ApiParts } from "./ApiParts.ts";
import { projectIdIn } from "./pathParameters.ts";
import { REQUEST_HEADER } from "./requestHeader.ts";
import { requireOwner } from "./requireOwner.ts";
import { unknownProject } from "./unknownProject.ts";

/**
 * `GET projects/{id}`: how far the node is with a project. Its owner, who asks with a signed request, also learns what a
 * version that is not served printed: a log may hold secrets.
 */
export async function projectRoute(c: Context, parts: ApiParts): Promise<Response> {
  const projectId = projectIdIn(c.req.param("id") ?? "");
  const document = parts.projectDocument(projectId);
  if (document === undefined) throw unknownProject(projectId);
  const header = c.req.header(REQUEST_HEADER);
  if (header !== undefined) await requireOwner(c, projectId, header, parts);
  c.header("Vary", REQUEST_HEADER, { append: true });
  c.header("Cache-Control", "no-store");
  if (header === undefined) return c.json(document);
  return c.json({ ...document, failure: parts.projectFailure(projectId) ?? null });
}
