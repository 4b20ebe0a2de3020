import type { ServerResponse } from "node:http";
import { type Refusal, refusalPage } from "../../Refusal.ts";

/** Answers a request with a refusal; JSON for those who accept it by name. */
export function refuse(
  response: ServerResponse,
  refusal: Refusal,
  options: { readonly nodeId: number; readonly close: boolean },
): void {
  if (response.headersSent || response.destroyed) return;
  const asJson = /\bapplication\/json\b/i.test(response.req.headers.accept ?? "");
  const { headers, body } = refusalPage(refusal, { nodeId: options.nodeId, asJson });
  // Who expected a 100 may now leave out the body, or send it: what follows on the connection could be either.
  if (options.close || response.req.headers.expect !== undefined) headers.push("connection", "close");
  response.writeHead(refusal.status, headers);
  response.end(response.req.method === "HEAD" ? undefined : body);
}
