import type { z } from "zod";
import { type RequestNodeParameters, requestNode } from "../../../cli/src/nodes/requestNode.ts";
import { NodeError } from "./NodeError.ts";
import { nodeUnreachable } from "./nodeUnreachable.ts";

/** A node's documents are small; what is longer is none. */
const MAX_BYTES = 1_048_576;

export interface ReadJsonParameters<value>
  extends Pick<RequestNodeParameters, "endpoint" | "path" | "timeoutMs" | "signal" | "headers"> {
  /** What the document has to be. */
  readonly schema: z.ZodType<value>;
}

/**
 * A document of a node, from its own host name.
 *
 * @throws {NodeError} `NODE_UNREACHABLE`, `NODE_TIMEOUT`, `NODE_REFUSED` (another status than 200, with the code of the
 *   node's error document), `NODE_ANSWER` (not what the schema says).
 */
export async function readJson<value>(parameters: ReadJsonParameters<value>): Promise<value> {
  const { schema, ...request } = parameters;
  const url = `${request.endpoint}${request.path}`;
  const { status, headers, body } = await requestNode(request);
  const text = await readText(body, url);
  if (status !== 200) {
    throw new NodeError({
      code: "NODE_REFUSED",
      message: `The node answered ${[status, headers["worker3-error"]].filter(Boolean).join(" ")}.`,
      value: url,
    });
  }
  const result = schema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new NodeError({
    code: "NODE_ANSWER",
    message: `The node's answer is not what it should be: ${issue?.path.join(".") || "the document"} ${issue?.message ?? ""}.`,
    value: url,
    cause: result.error,
  });
}

/** A body as text; given up when it is longer than a document can be. */
export async function readText(body: AsyncIterable<Uint8Array>, url: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of body) {
      bytes += part.length;
      if (bytes > MAX_BYTES) break;
      parts.push(part);
    }
  } catch (cause) {
    throw nodeUnreachable(url, cause);
  }
  if (bytes <= MAX_BYTES) return new TextDecoder().decode(Buffer.concat(parts));
  throw new NodeError({
    code: "NODE_ANSWER",
    message: "The node's answer is too long for a document.",
    value: url,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
