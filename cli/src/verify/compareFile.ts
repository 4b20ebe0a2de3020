import { createHash } from "node:crypto";
import { nodeUnreachable, Worker3Error } from "@worker3/sdk";
import { type NodeResponse, type RequestNodeParameters, requestNode } from "../nodes/requestNode.ts";
import type { Mismatch, MismatchReason } from "./Mismatch.ts";

/** What a replica has to answer with. */
export interface ExpectedFile {
  readonly path: string;
  /** Percent-encoded. */
  readonly address: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface CompareFileParameters
  extends Pick<RequestNodeParameters, "endpoint" | "host" | "connections" | "signal"> {
  readonly file: ExpectedFile;
  readonly nodeId: number;
  readonly version: number;
}

/**
 * Asks a replica for a static file as a visitor would and compares bytes, version and node; undefined when all are right.
 * Holds no more of the file than a piece.
 */
export async function compareFile(parameters: CompareFileParameters): Promise<Mismatch | undefined> {
  const { file, nodeId, version, signal, ...request } = parameters;
  const differ = (reason: MismatchReason, expected: unknown, got: unknown): Mismatch => ({
    path: file.path,
    reason,
    expected: String(expected),
    got: String(got),
  });
  try {
    const { status, headers, body } = await requestNode({
      ...request,
      path: file.address,
      // During a split this address may get the other version.
      headers: { "accept-encoding": "identity", "worker3-version": String(version) },
      signal,
    });
    const wrong = headProblem({ status, headers }, { nodeId, version });
    if (wrong !== undefined) {
      await body.dump();
      return differ(...wrong);
    }
    const got = await digestOf(body, file.size, request.endpoint);
    return got === file.sha256 ? undefined : differ("content", `sha256 ${file.sha256}`, got);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Worker3Error)) throw error;
    return differ("unreachable", "an answer", error.message);
  }
}

/** What is wrong with an answer's head: reason, expected, got. */
function headProblem(
  { status, headers }: Pick<NodeResponse, "status" | "headers">,
  { nodeId, version }: { readonly nodeId: number; readonly version: number },
): [MismatchReason, unknown, unknown] | undefined {
  if (status !== 200) {
    return ["status", 200, [status, headers["worker3-error"], headers.location].filter(Boolean).join(" ")];
  }
  const told = headers["worker3-version"];
  if (told !== String(version)) return ["version", version, told ?? "no worker3-version"];
  const node = headers["worker3-node"];
  if (node !== String(nodeId)) return ["node", nodeId, node ?? "no worker3-node"];
  const encoding = headers["content-encoding"] ?? "identity";
  return encoding === "identity" ? undefined : ["encoding", "identity", encoding];
}

/** The digest of a body, or what is wrong with its length. */
async function digestOf(body: AsyncIterable<Uint8Array>, size: number, endpoint: string): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const part of body) {
      bytes += part.length;
      if (bytes > size) return `more than ${size} bytes`;
      hash.update(part);
    }
  } catch (cause) {
    throw nodeUnreachable(endpoint, cause);
  }
  return bytes < size ? `${bytes} bytes instead of ${size}` : hash.digest("hex");
}
