import { INTENT_HEADER, Worker3Error } from "@worker3/sdk";
import type { Context } from "hono";
import { ApiError } from "./ApiError.ts";
import type { ApiParts } from "./ApiParts.ts";
import { errorStatus } from "./errorStatus.ts";
import { badRequest } from "./pathParameters.ts";

const CAR_TYPES: readonly string[] = ["application/vnd.ipld.car", "application/octet-stream"];

type Parts = Pick<ApiParts, "content" | "uploads" | "isDenied" | "isReady" | "isAwaited" | "afterUpload">;

/**
 * `PUT car/{cid}`: takes a CAR, and answers when what is in it is checked and can be served. What is here already costs
 * nothing but the answer, unless somebody with the right to deploy wants it served and it is not ready: anybody may send what
 * the chain names, as often as they like.
 */
export async function uploadRoute(c: Context, parts: Parts): Promise<Response> {
  const { content, uploads, isReady, isAwaited, afterUpload } = parts;
  const cid = c.req.param("cid") ?? "";
  checkType(c.req.header("content-type"), c.req.header("content-encoding"));
  const isSigned = c.req.header(INTENT_HEADER) !== undefined;
  if (!isSigned && content.has(cid) && !parts.isDenied(cid)) return c.json({ cid, ready: isReady(cid) });
  const { projectId, maxBytes, isNamed, release } = await uploads.admit({
    cid,
    intentHeader: c.req.header(INTENT_HEADER),
    contentLength: lengthOf(c.req.header("content-length")),
  });
  try {
    const wasThere = content.has(cid);
    // Who sends it relies on its being here for a while, as if it had come now.
    if (wasThere) content.touch(cid, projectId);
    else {
      const { pieces, signal } = receive(c.req.raw);
      await content.put(cid, pieces, { signal, projectId, maxBytes });
    }
    const status = wasThere ? 200 : 201;
    // What comes anew with an intent may be for a rollback that follows.
    const isMade = wasThere
      ? isAwaited(cid, projectId) && !isReady(cid)
      : isSigned || isAwaited(cid, projectId);
    if (!isMade) return c.json({ cid, ready: isReady(cid) }, status);
    const { ready } = await readyOrRemoved(cid, wasThere || isNamed, () => afterUpload(cid, projectId));
    return c.json({ cid, ready }, status);
  } finally {
    release();
  }

  /** What cannot run here and is named by nothing would only take one of the project's places. */
  async function readyOrRemoved<result>(
    cid: string,
    isKept: boolean,
    work: () => Promise<result>,
  ): Promise<result> {
    try {
      return await work();
    } catch (error) {
      const isRefused = error instanceof Worker3Error && errorStatus(error.code) === 422;
      if (isRefused && !isKept) await content.remove(cid);
      throw error;
    }
  }
}

/**
 * A request's body, and a signal that the client is gone. Who goes after the last byte ends nothing: the work is done
 * when it comes again.
 */
function receive(request: Request): { pieces: AsyncIterable<Uint8Array>; signal: AbortSignal } {
  const gone = new AbortController();
  // The server's signal aborts with a text; this one with an error.
  const abort = (): void => gone.abort(aborted(request.signal.reason));
  if (request.signal.aborted) abort();
  else request.signal.addEventListener("abort", abort, { once: true });

  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      // Not cancelled where it is not read to its end: the server drains the rest for a while, so that the answer arrives.
      for await (const piece of request.body?.values({ preventCancel: true }) ?? []) yield piece;
      request.signal.removeEventListener("abort", abort);
    } catch (cause) {
      throw aborted(cause);
    }
  }
  return { pieces: pieces(), signal: gone.signal };
}

function aborted(cause: unknown): ApiError {
  return new ApiError({
    code: "UPLOAD_ABORTED",
    message: "the connection ended before the upload did",
    next: "send the whole CAR again",
    cause,
  });
}

function checkType(type: string | undefined, encoding: string | undefined): void {
  const mediaType = type?.split(";")[0]?.trim().toLowerCase();
  const isPlain = encoding === undefined || encoding.trim().toLowerCase() === "identity";
  if (isPlain && (mediaType === undefined || CAR_TYPES.includes(mediaType))) return;
  throw new ApiError({
    code: "UNSUPPORTED_MEDIA_TYPE",
    message: "an upload is a CAR, not compressed",
    value: isPlain ? mediaType : encoding,
    next: "send it with Content-Type: application/vnd.ipld.car",
  });
}

function lengthOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest("Content-Length is not a number of bytes", text);
  return Number(text);
}
