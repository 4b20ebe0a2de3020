import { Hono } from "hono";
import type { NodeStatus } from "./NodeStatus.ts";

/** What the operator may ask of a running agent, over a socket that only the operator may open. */
export function createAdmin({ status }: { readonly status: () => Promise<NodeStatus> }): Hono {
  const app = new Hono();
  app.get("/status", async (c) => c.json(await status()));
  app.get("/health", async (c) => {
    const { chain, outbox } = await status();
    const isHealthy = chain.error === null && outbox.error === null;
    return c.json({ ok: isHealthy, chain: chain.error, outbox: outbox.error }, isHealthy ? 200 : 503);
  });
  return app;
}
