import { Hono } from "hono";
import type { NodeStatus } from "./NodeStatus.ts";

/** What the operator may ask of a running agent, over a socket that only the operator may open. */
export function createAdmin({ status }: { readonly status: () => Promise<NodeStatus> }): Hono {
  const app = new Hono();
  app.get("/status", async (c) => c.json(await status()));
  app.get("/health", async (c) => {
    const { chain, identity, outbox } = await status();
    const errors = { chain: chain.error, identity: identity.error, outbox: outbox.error };
    const isHealthy = Object.values(errors).every((error) => error === null);
    return c.json({ ok: isHealthy, ...errors }, isHealthy ? 200 : 503);
  });
  return app;
}
