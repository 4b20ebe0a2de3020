import { type Block, foreignWords, NodeError, nodeUnreachable, verifyCar, Worker3Error } from "@worker3/sdk";
import type { CID } from "multiformats/cid";
import { CliError } from "../errors.ts";
import { type NodeResponse, requestNode } from "../nodes/requestNode.ts";
import type { CarSource } from "./CarSource.ts";

export interface FetchCarParameters<value> {
  readonly cid: CID;
  /** Asked in this order, without waiting long for one that is silent. */
  readonly sources: readonly CarSource[];
  /** Takes the verified blocks, in a CAR's order. Called anew for each source; throws what it is given. */
  readonly take: (blocks: AsyncGenerator<Block, void, undefined>) => Promise<value>;
  /** Whose content it is, where that is known: an error names it. */
  readonly projectId?: bigint | undefined;
  /** Called when a source is given up. */
  readonly onRefused?: ((source: CarSource, error: Worker3Error) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** After so long without an answer the next source is asked too: whoever answers first sends it. */
const NEXT_MS = 500;

/**
 * Fetches a DAG from the first source that sends all of it and nothing else: every block is checked against its CID, so
 * that it does not matter who sends it.
 *
 * @throws {CliError} `CONTENT_UNAVAILABLE`: no source had it; `value` is the CID.
 */
export async function fetchCar<value>(parameters: FetchCarParameters<value>): Promise<value> {
  const { cid, sources, take, projectId, onRefused, signal } = parameters;
  const reasons: string[] = [];
  const left = new Set(sources);
  const refuse = (source: CarSource, error: unknown): void => {
    signal?.throwIfAborted();
    if (!isTheirs(error)) throw error;
    left.delete(source);
    reasons.push(`${source.name}: ${error.message}`);
    onRefused?.(source, error);
  };
  while (left.size > 0) {
    signal?.throwIfAborted();
    const first = await firstAnswer([...left], cid, { onRefused: refuse, signal });
    if (first === undefined) break;
    try {
      return await take(blocksFrom(first, cid, signal));
    } catch (error) {
      refuse(first.source, error);
    }
  }
  throw new CliError({
    code: "CONTENT_UNAVAILABLE",
    message:
      sources.length === 0
        ? "There is nobody to ask for the content."
        : `Nobody sends the content. ${reasons.join("; ")}`,
    value: cid.toString(),
    next: `name a trustless IPFS gateway with --gateway, or push the content: worker3 push <dir|car> ${projectId ?? "<project>"}`,
  });
}

interface Answering {
  readonly source: CarSource;
  readonly body: NodeResponse["body"];
}

/**
 * The first source that begins to send; undefined where all refuse. Sources are asked one after the other, the next when one
 * refuses or is silent for a moment; the others are let go when one answers.
 */
async function firstAnswer(
  sources: readonly CarSource[],
  cid: CID,
  parameters: {
    readonly onRefused: (source: CarSource, error: unknown) => void;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Answering | undefined> {
  const { onRefused, signal } = parameters;
  const stops: AbortController[] = [];
  const found = Promise.withResolvers<Answering | undefined>();
  let timer: NodeJS.Timeout | undefined;
  let asking = 0;
  let next = 0;
  let over = false;
  const askNext = (): void => {
    clearTimeout(timer);
    const source = sources[next];
    if (over || source === undefined) {
      if (asking === 0) found.resolve(undefined);
      return;
    }
    next += 1;
    asking += 1;
    const stop = new AbortController();
    stops.push(stop);
    const until = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    openCar(source, cid, until).then(
      (body) => {
        if (over) return letGo(body);
        over = true;
        stops.splice(stops.indexOf(stop), 1);
        found.resolve({ source, body });
      },
      (error: unknown) => {
        asking -= 1;
        if (over) return;
        try {
          onRefused(source, error);
          askNext();
        } catch (thrown) {
          found.reject(thrown);
        }
      },
    );
    timer = setTimeout(askNext, NEXT_MS);
  };
  try {
    askNext();
    return await found.promise;
  } finally {
    over = true;
    clearTimeout(timer);
    for (const stop of stops) stop.abort();
  }
}

async function openCar(
  { url }: CarSource,
  cid: CID,
  signal: AbortSignal | undefined,
): Promise<NodeResponse["body"]> {
  const { status, headers, body } = await requestNode({
    endpoint: url,
    path: `/ipfs/${cid}?format=car&dag-scope=all`,
    headers: { accept: "application/vnd.ipld.car; version=1; order=dfs; dups=n" },
    signal,
  });
  if (status === 200) return body;
  letGo(body);
  const code = foreignWords(headers["worker3-error"] ?? "");
  throw new NodeError({
    code: "NODE_REFUSED",
    message: `It answered ${[status, code].filter(Boolean).join(" ")}.`,
    value: url,
  });
}

async function* blocksFrom(
  { source: { url }, body }: Answering,
  cid: CID,
  signal: AbortSignal | undefined,
): AsyncGenerator<Block, void, undefined> {
  try {
    yield* verifyCar(named(body, url), cid, { signal });
  } finally {
    letGo(body);
  }
}

function letGo(body: NodeResponse["body"]): void {
  body.on("error", () => undefined); // what destroying it says
  body.destroy();
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
