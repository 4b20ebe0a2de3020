import { createHash } from "node:crypto";
import { foreignWords, nodeUnreachable, Worker3Error } from "@worker3/sdk";
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

export interface CompareAddressParameters
  extends Pick<RequestNodeParameters, "endpoint" | "host" | "connections" | "signal"> {
  readonly address: string;
  /** The file there in each version that may answer: in one or, during a split, in two. */
  readonly expected: ReadonlyMap<number, ExpectedFile | undefined>;
  readonly nodeId: number;
}

/** What an address answered: how many files were compared, and what was wrong. */
export interface ComparedAddress {
  readonly compared: number;
  readonly mismatches: readonly Mismatch[];
}

/** What was wrong with one answer, and which version answered. */
interface Answer {
  readonly version: number | undefined;
  readonly mismatch: Mismatch | undefined;
}

/**
 * Asks a replica for an address as a visitor would, and compares node, version and bytes: during a split with the file of the
 * version that the answer tells. The other version is asked for by its number then.
 */
export async function compareAddress(parameters: CompareAddressParameters): Promise<ComparedAddress> {
  const { expected } = parameters;
  const answers = [await askOnce(parameters, undefined)];
  const first = answers[0]?.version;
  const isBroken = answers[0]?.mismatch !== undefined && first === undefined;
  for (const [version, file] of expected) {
    if (isBroken || version === first || file === undefined) continue;
    answers.push(await askOnce(parameters, version));
  }
  return {
    compared: answers.filter(({ version = 0 }) => expected.get(version) !== undefined).length,
    mismatches: answers.flatMap(({ mismatch }) => (mismatch === undefined ? [] : [mismatch])),
  };
}

/**
 * Holds no more of the file than a piece.
 *
 * @param wanted Which side of a split is asked for; undefined: none, as visitors do, who are known by nothing then.
 */
async function askOnce(parameters: CompareAddressParameters, wanted: number | undefined): Promise<Answer> {
  const { address, expected, nodeId, signal, ...request } = parameters;
  const versions = [...expected.keys()];
  const [usual = 0] = versions;
  const differ = (
    version: number,
    reason: MismatchReason,
    should: unknown,
    got: unknown,
    isAnswered = true,
  ): Answer => {
    const path = expected.get(version)?.path ?? address;
    const mismatch = { path, version, reason, expected: String(should), got: String(got) };
    return { version: isAnswered ? version : undefined, mismatch };
  };
  try {
    const { status, headers, body } = await requestNode({
      ...request,
      path: address,
      headers: {
        "accept-encoding": "identity",
        ...(wanted === undefined ? {} : { "worker3-version": String(wanted) }),
      },
      signal,
    });
    const told = headers["worker3-version"];
    const version = versions.find((each) => String(each) === told && (wanted ?? each) === each);
    if (status === 451) {
      await body.dump();
      return differ(wanted ?? usual, "denied", 200, saidBy({ status, headers }), false);
    }
    if (version === undefined) {
      await body.dump();
      if (told === undefined && status !== 200) {
        return differ(wanted ?? usual, "status", 200, saidBy({ status, headers }));
      }
      const should = wanted ?? versions.join(" or ");
      return differ(wanted ?? usual, "version", should, told ?? "no worker3-version");
    }
    const file = expected.get(version);
    const wrong = headProblem({ status, headers }, { nodeId, isThere: file !== undefined });
    if (wrong !== undefined || file === undefined) {
      await body.dump();
      return wrong === undefined ? { version, mismatch: undefined } : differ(version, ...wrong);
    }
    const got = await digestOf(body, file.size, request.endpoint);
    if (got === file.sha256) return { version, mismatch: undefined };
    return differ(version, "content", `sha256 ${file.sha256}`, got);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Worker3Error)) throw error;
    return differ(wanted ?? usual, "unreachable", "an answer", error.message, false);
  }
}

/** A status as a person reads it: with the node's own code, or where it redirects to. */
function saidBy({ status, headers }: Pick<NodeResponse, "status" | "headers">): string {
  return foreignWords([status, headers["worker3-error"], headers.location].filter(Boolean).join(" "));
}

/** What is wrong with an answer's head: reason, expected, got. */
function headProblem(
  { status, headers }: Pick<NodeResponse, "status" | "headers">,
  { nodeId, isThere }: { readonly nodeId: number; readonly isThere: boolean },
): [MismatchReason, unknown, unknown] | undefined {
  if (isThere && status !== 200) return ["status", 200, saidBy({ status, headers })];
  const node = headers["worker3-node"];
  if (node !== String(nodeId)) return ["node", nodeId, node ?? "no worker3-node"];
  const encoding = headers["content-encoding"] ?? "identity";
  return !isThere || encoding === "identity" ? undefined : ["encoding", "identity", encoding];
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
