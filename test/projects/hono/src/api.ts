import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import type { Environment } from "./environment.ts";
import query from "./notes.sql";

const name = z.string().regex(/^[\p{L}\p{N}-]{1,40}$/u, "must be 1 to 40 letters, digits or hyphens");
const message = z.strictObject({ text: z.string().max(1_000), times: z.int().min(1).max(10).default(1) });

/** Everything below `/api`. */
export const api = new Hono<Environment>()
  .get("/hello/:name", (c) => c.json({ hello: parse(name, c.req.param("name")) }))
  .post("/echo", async (c) => {
    if (!c.env.FEATURES.echo) throw new HTTPException(404, { message: "echo is off" });
    const { text, times } = parse(message, await c.req.json().catch(() => undefined));
    return c.json({ text, echo: Array.from({ length: times }, () => text) });
  })
  .get("/version", (c) => c.json({ version: c.env.VERSION }))
  .get("/query", (c) => c.text(query));

function parse<type extends z.ZodType>(schema: type, input: unknown): z.output<type> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const message = result.error.issues.map(({ path, message }) => [...path, message].join(" ")).join("; ");
  throw new HTTPException(400, { message });
}
