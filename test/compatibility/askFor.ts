import { request } from "undici";
import type { Answer } from "./compareAnswers.ts";
import type { Ask } from "./Project.ts";

export interface AskForParameters {
  readonly ask: Ask;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** The domain that is asked for: both servers tell it to the worker. */
  readonly host: string;
  readonly signal: AbortSignal;
}

/** Makes one request, follows nothing, and reads the answer to its end. */
export async function askFor({ ask, origin, host, signal }: AskForParameters): Promise<Answer> {
  const { path, method = "GET", headers = {}, body } = ask;
  const { statusCode, ...answer } = await request(`${origin}${path}`, {
    method,
    // Wrangler dev compresses for whom it may; nodes do not.
    headers: { "accept-encoding": "identity", ...headers, host },
    body: body ?? null,
    signal,
  });
  return {
    status: statusCode,
    headers: answer.headers,
    body: Buffer.from(await answer.body.arrayBuffer()),
  };
}
