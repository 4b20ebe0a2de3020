import { Worker3Error } from "@worker3/sdk";
import { type Context, type Handler, Hono } from "hono";
import { cors } from "hono/cors";
import { ApiError } from "./ApiError.ts";
import type { ApiParts } from "./ApiParts.ts";
import { createFailureLog } from "./createFailureLog.ts";
import { indexRoute } from "./indexRoute.ts";
import { ipfsRoute } from "./ipfsRoute.ts";
import { nodeRoute } from "./nodeRoute.ts";
import { badRequest, epochIn, projectIdIn } from "./pathParameters.ts";
import { projectRoute } from "./projectRoute.ts";
import { respondWithError } from "./respondWithError.ts";
import { uploadRoute } from "./uploadRoute.ts";
import { usageRoute } from "./usageRoute.ts";

/** What a node answers at its own host name, over HTTP. Whoever reaches it is a stranger. */
export function createApi(parts: ApiParts): Hono {
  const app = new Hono();
  const log = createFailureLog(parts.logger);
  // Nothing here depends on who the browser is: what needs a right is signed.
  app.use(
    cors({
      origin: "*",
      allowMethods: ["GET", "HEAD", "PUT"],
      exposeHeaders: ["worker3-error", "content-length", "etag", "retry-after"],
      maxAge: 86_400,
    }),
  );
  app.onError((error, c) => respondWithError(c, notYetKnown(error, parts) ?? error, log));
  app.notFound((c) => respondWithError(c, notFound(c), log));

  const base = "/.well-known/worker3";
  route(app, `${base}/node`, "GET", (c) => nodeRoute(c, parts));
  route(app, `${base}/projects/:id`, "GET", (c) => projectRoute(c, parts));
  route(app, `${base}/index/projects`, "GET", (c) => indexRoute(c, parts));
  route(app, `${base}/usage/:id/:epoch`, "GET", (c) => usageRoute(c, parts));
  route(app, `${base}/statements/:id/:epoch`, "GET", (c) => statementRoute(c, parts));
  route(app, `${base}/car/:cid`, "PUT", (c) => uploadRoute(c, parts));
  route(app, "/ipfs/:cid", "GET", (c) => ipfsRoute(c, parts));
  route(app, "/ipfs/:cid/*", "GET", (c) => {
    throw badRequest("paths below a CID are not resolved here", c.req.path);
  });
  return app;
}

/** What is said of a project by the chain, which a node that still reads it cannot know to be so. */
const SAID_BY_CHAIN: ReadonlySet<string> = new Set(["UNKNOWN_PROJECT", "NO_SEAT", "OWNER_CHANGED"]);

/** Undefined where the error stands. */
function notYetKnown(error: Error, { readingChain }: ApiParts): ApiError | undefined {
  if (!(error instanceof Worker3Error) || !SAID_BY_CHAIN.has(error.code)) return undefined;
  const reading = readingChain();
  if (reading === undefined) return undefined;
  return new ApiError({ ...reading, value: error.value, next: "ask again in a moment", cause: error });
}

/** One path has one method (and HEAD with GET); the others are refused by name. */
function route(app: Hono, path: string, method: "GET" | "PUT", handler: Handler): void {
  app.on(method, path, handler);
  app.all(path, (c) => {
    c.header("Allow", method === "GET" ? "GET, HEAD" : method);
    throw new ApiError({
      code: "METHOD_NOT_ALLOWED",
      message: `this path takes ${method} only`,
      value: c.req.method,
      next: `ask with ${method}`,
    });
  });
}

/** The statement's own bytes: its digest stands in the batch that the node signed. */
function statementRoute(c: Context, { statementText }: Pick<ApiParts, "statementText">): Response {
  const projectId = projectIdIn(c.req.param("id") ?? "");
  const epoch = epochIn(c.req.param("epoch") ?? "");
  const text = statementText(projectId, epoch);
  if (text !== undefined) return c.body(text, 200, { "Content-Type": "application/json" });
  throw new ApiError({
    code: "STATEMENT_MISSING",
    message: "this node has no statement of the project for the epoch",
    value: `${projectId}/${epoch}`,
    next: "ask after the epoch's end; nothing served makes no statement",
  });
}

function notFound(c: Context): ApiError {
  return new ApiError({
    code: "NOT_FOUND",
    message: "the node has nothing at this path",
    value: c.req.path,
    next: "see /.well-known/worker3/node",
  });
}
