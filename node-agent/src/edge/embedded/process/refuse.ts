import type { ServerResponse } from "node:http";
import { type Refusal, refusalForm, refusalPage } from "../../Refusal.ts";

/** Answers a request with a refusal, in the form that its visitor likes best. */
export function refuse(
  response: ServerResponse,
  refusal: Refusal,
  options: { readonly nodeId: number; readonly close: boolean },
): void {
  if (response.headersSent || response.destroyed) return;
  const form = refusalForm(response.req.headers.accept);
  const { headers, body } = refusalPage(refusal, { nodeId: options.nodeId, form });
  // Who expected a 100 may now leave out the body, or send it: what follows on the connection could be either.
  if (options.close || response.req.headers.expect !== undefined) headers.push("connection", "close");
  response.writeHead(refusal.status, headers);
  response.end(response.req.method === "HEAD" ? undefined : body);
}
