import { Hono } from "hono";
import { html } from "hono/html";
import { HTTPException } from "hono/http-exception";
import { api } from "./api.ts";
import type { Environment } from "./environment.ts";

const app = new Hono<Environment>();

app.get("/", (c) =>
  c.html(html`<!doctype html>
    <html lang="en">
      <head>
        <title>Hono on worker3</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <h1>Hono on worker3</h1>
        <p>Version ${c.env.VERSION}</p>
      </body>
    </html>`),
);
app.route("/api", api);
app.notFound((c) => c.json({ error: "not found" }, 404));
app.onError((error, c) =>
  error instanceof HTTPException
    ? c.json({ error: error.message }, error.status)
    : c.json({ error: "internal" }, 500),
);

export default app;
