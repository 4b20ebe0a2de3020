import type { z } from "zod";
import { foreignWords } from "../errors/foreignWords.ts";
import { NodeError, nodeUnreachable } from "./NodeError.ts";

/** A node's documents are small; what is longer is none. */
const MAX_BYTES = 1_048_576;
const TIMEOUT_MS = 15_000;

export interface ReadJsonParameters<value> {
  /** As the registry has it: `https://host[:port]`. */
  readonly endpoint: string;
  /** Path and query, beginning with `/`, already percent-encoded. */
  readonly path: string;
  /** What the document has to be. */
  readonly schema: z.ZodType<value>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For the whole answer; 15,000 ms. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A document of a node, from its own host name. Redirects are not followed.
 *
 * @throws {NodeError} `NODE_UNREACHABLE`, `NODE_TIMEOUT`, `NODE_REFUSED` (another status than 200, with the code of the
 *   node's error document), `NODE_ANSWER` (not what the schema says).
 */
export async function readJson<value>(parameters: ReadJsonParameters<value>): Promise<value> {
  const { endpoint, path, schema, headers = {}, timeoutMs = TIMEOUT_MS, signal } = parameters;
  const url = `${endpoint}${path}`;
  const late = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      headers,
      redirect: "manual",
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    });
    text = await readText(partsOf(response), url);
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause instanceof NodeError ? cause : nodeUnreachable(endpoint, cause);
  }
  if (response.status !== 200) {
    const code = foreignWords(response.headers.get("worker3-error") ?? "");
    throw new NodeError({
      code: "NODE_REFUSED",
      message: `The node answered ${[response.status, code].filter(Boolean).join(" ")}.`,
      value: url,
    });
  }
  const document = parseJson(text);
  if (document === undefined) {
    throw new NodeError({ code: "NODE_ANSWER", message: "The node's answer is no JSON.", value: url });
  }
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const what = foreignWords(`${issue?.path.join(".") || "the document"} ${issue?.message ?? ""}`);
  throw new NodeError({
    code: "NODE_ANSWER",
    message: `The node's answer is not what it should be: ${what}.`,
    value: url,
    cause: result.error,
  });
}

/**
 * A body as text.
 *
 * @param maxBytes What is longer is given up; 1 MiB by default.
 * @throws {NodeError} `NODE_ANSWER`: it is longer than a document can be; `NODE_UNREACHABLE`: it breaks off.
 */
export async function readText(
  body: AsyncIterable<Uint8Array>,
  url: string,
  maxBytes: number = MAX_BYTES,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const part of body) {
      bytes += part.length;
      if (bytes > maxBytes) break;
      text += decoder.decode(part, { stream: true });
    }
  } catch (cause) {
    throw nodeUnreachable(url, cause);
  }
  if (bytes <= maxBytes) return text + decoder.decode();
  throw new NodeError({
    code: "NODE_ANSWER",
    message: `The node's answer is longer than ${maxBytes} bytes.`,
    value: url,
  });
}

/** A JSON text's value; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The parts of a body. By its reader: not every browser iterates over streams. */
export async function* partsOf({ body }: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Of a body that was not read to its end nothing more shall come.
    await reader.cancel().catch(() => undefined);
  }
}
