import { type Block, NodeError, nodeUnreachable, verifyCar, Worker3Error } from "@worker3/sdk";
import type { CID } from "multiformats/cid";
import { CliError } from "../errors.ts";
import { requestNode } from "../nodes/requestNode.ts";
import type { CarSource } from "./CarSource.ts";

export interface FetchCarParameters<value> {
  readonly cid: CID;
  /** Asked one after the other until one sends it whole. */
  readonly sources: readonly CarSource[];
  /** Takes the verified blocks, in a CAR's order. Called anew for each source; throws what it is given. */
  readonly take: (blocks: AsyncGenerator<Block, void, undefined>) => Promise<value>;
  /** Called when a source is given up. */
  readonly onRefused?: ((source: CarSource, error: Worker3Error) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches a DAG from the first source that sends all of it and nothing else: every block is checked against its CID, so
 * that it does not matter who sends it.
 *
 * @throws {CliError} `CONTENT_UNAVAILABLE`: no source had it; `value` is the CID.
 */
export async function fetchCar<value>(parameters: FetchCarParameters<value>): Promise<value> {
  const { cid, sources, take, onRefused, signal } = parameters;
  const reasons: string[] = [];
  for (const source of sources) {
    signal?.throwIfAborted();
    try {
      return await take(blocksFrom(source, cid, signal));
    } catch (error) {
      signal?.throwIfAborted();
      if (!isTheirs(error)) throw error;
      reasons.push(`${source.name}: ${error.message}`);
      onRefused?.(source, error);
    }
  }
  throw new CliError({
    code: "CONTENT_UNAVAILABLE",
    message:
      sources.length === 0
        ? "There is nobody to ask for the content."
        : `Nobody sends the content. ${reasons.join("; ")}`,
    value: cid.toString(),
    next: "name a trustless IPFS gateway with --gateway, or push the content: worker3 push",
  });
}

async function* blocksFrom(
  { url }: CarSource,
  cid: CID,
  signal: AbortSignal | undefined,
): AsyncGenerator<Block, void, undefined> {
  const { status, body } = await requestNode({
    endpoint: url,
    path: `/ipfs/${cid}?format=car&dag-scope=all`,
    headers: { accept: "application/vnd.ipld.car; version=1; order=dfs; dups=n" },
    signal,
  });
  try {
    if (status !== 200) {
      throw new NodeError({ code: "NODE_REFUSED", message: `It answered ${status}.`, value: url });
    }
    yield* verifyCar(named(body, url), cid, { signal });
  } finally {
    body.on("error", () => undefined); // what destroying it says
    body.destroy();
  }
}

/** Errors of the connection as errors of the node. */
async function* named(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw nodeUnreachable(url, cause);
  }
}

/** Whether an error is the source's, not of this machine's disk. */
function isTheirs(error: unknown): error is Worker3Error {
  return error instanceof Worker3Error && (error instanceof NodeError || error.code.startsWith("CAR_"));
}
