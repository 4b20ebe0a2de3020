import { chainOf, contractError, type Network, type Worker3Error } from "@worker3/sdk";
import {
  BaseError,
  createPublicClient,
  fallback,
  http,
  type PublicClient,
  type Transport,
  type WebSocketTransport,
  webSocket,
} from "viem";
import { monotonicMs } from "../../process/monotonicMs.ts";

/** One source of truth about the chain: the RPC URLs of one host, and what was learnt of them. */
export interface Provider {
  /** Its host, without credentials and keys. */
  readonly name: string;
  readonly client: PublicClient<Transport>;
  /** Sends what is asked at the same moment as one request; undefined where there is only a WebSocket. */
  readonly batched: PublicClient<Transport> | undefined;
  /** A WebSocket that tells of new heads; undefined where the host has none. */
  readonly socket: PublicClient<WebSocketTransport> | undefined;
  /** What it taught since this process started. */
  readonly learnt: Learnt;
}

export interface Learnt {
  /** It says that it speaks for this chain, and shows it by a final block; both asked again after each failure. */
  isOfChain: boolean;
  isChecked: boolean;
  /** It refuses longer ranges of blocks. */
  rangeBlocks: number | undefined;
  /** So many ranges in a row were answered as they were asked. */
  goodRanges: number;
  /** Whether it takes several questions in one request; undefined while that was not tried. */
  takesBatches: boolean | undefined;
  /** Other nodes' logs that it gave, in bytes a block, where everything was asked: an average. */
  othersBytes: number;
  /** It does not know the tag `finalized`. */
  lacksFinal: boolean;
  /** Its newest block, and since when that is it. */
  head: { readonly number: bigint; readonly sinceMs: number } | undefined;
  /** It is asked only where nobody else can be, until then (`monotonicMs`). */
  restsUntilMs: number;
  /** It takes long to answer, and is asked only where no other can be, until then (`monotonicMs`). */
  slowUntilMs: number;
  /** It asked not to be asked before then (`monotonicMs`). */
  limitedUntilMs: number;
  failures: number;
  error: Worker3Error | undefined;
}

const blamed = new WeakMap<object, Provider>();

/**
 * Runs what asks one provider, so that it is known whose failure it is.
 *
 * @throws {Worker3Error} What it failed with, as `contractError` says it.
 */
export async function asking<answer>(provider: Provider, work: () => Promise<answer>): Promise<answer> {
  try {
    return await work();
  } catch (cause) {
    const error = contractError(cause);
    if (typeof error === "object" && error !== null && !blamed.has(error)) blamed.set(error, provider);
    throw error;
  }
}

/** The provider whose failure an error is; undefined where it is of none alone. */
export function providerBehind(error: unknown): Provider | undefined {
  return typeof error === "object" && error !== null ? blamed.get(error) : undefined;
}

/**
 * The providers of a network, in its order. URLs of one host are one provider: two of them agreeing says nothing.
 * Reads go over HTTP where there is a URL for it, else over the WebSocket.
 */
export function createProviders({
  network,
  requestTimeoutMs,
}: {
  network: Network;
  requestTimeoutMs: number;
}): Provider[] {
  const byHost = new Map<string, { web: string[]; sockets: string[] }>();
  for (const url of network.rpcUrls) {
    const { host, protocol } = new URL(url);
    const urls = byHost.get(host) ?? { web: [], sockets: [] };
    byHost.set(host, urls);
    (protocol.startsWith("ws") ? urls.sockets : urls.web).push(url);
  }
  // No contract makes this machine ask what the contract names (EIP-3668).
  const own = { chain: chainOf(network), ccipRead: false } as const;
  return Array.from(byHost, ([name, { web, sockets }]) => {
    const [socketUrl] = sockets;
    const socketTransport =
      socketUrl === undefined
        ? undefined
        : webSocket(socketUrl, { timeout: requestTimeoutMs, reconnect: { attempts: 1e9, delay: 1_000 } });
    const overHttp = (batch: boolean) =>
      oneOf(web.map((url) => http(url, { timeout: requestTimeoutMs, retryCount: 0, batch })));
    const transport = overHttp(false) ?? socketTransport;
    if (transport === undefined) throw new RangeError("a provider has at least one URL");
    const batched = overHttp(true);
    return {
      name,
      client: createPublicClient({ ...own, transport }),
      batched: batched === undefined ? undefined : createPublicClient({ ...own, transport: batched }),
      socket:
        socketTransport === undefined
          ? undefined
          : createPublicClient({ ...own, transport: socketTransport }),
      learnt: nothingLearnt(),
    };
  });
}

function oneOf(transports: readonly Transport[]): Transport | undefined {
  const [only] = transports;
  return transports.length > 1 ? fallback(transports) : only;
}

function nothingLearnt(): Learnt {
  return {
    isOfChain: false,
    isChecked: false,
    rangeBlocks: undefined,
    goodRanges: 0,
    takesBatches: undefined,
    othersBytes: 0,
    lacksFinal: false,
    head: undefined,
    restsUntilMs: 0,
    slowUntilMs: 0,
    limitedUntilMs: 0,
    failures: 0,
    error: undefined,
  };
}

/** So many questions go into one request at most: many RPCs take no more. */
const BATCH = 20;
/** So many are asked at once where each is a request. */
const AT_ONCE = 4;

/** Asks one question about each of some things, in as few requests as the RPC takes. The answers are in their order. */
export async function askEach<thing, answer>(
  provider: Provider,
  things: readonly thing[],
  ask: (client: PublicClient<Transport>, thing: thing) => Promise<answer>,
): Promise<answer[]> {
  const { batched, client, learnt } = provider;
  const answers: answer[] = [];
  for (let from = 0; from < things.length; ) {
    const batches = batched !== undefined && learnt.takesBatches !== false && things.length > 1;
    const some = things.slice(from, from + (batches ? BATCH : AT_ONCE));
    try {
      answers.push(...(await Promise.all(some.map((thing) => ask(batches ? batched : client, thing)))));
      if (batches) learnt.takesBatches = true;
      from += some.length;
    } catch (error) {
      if (!batches || learnt.takesBatches === true) throw error;
      learnt.takesBatches = false;
    }
  }
  return answers;
}

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** Notes what a provider failed with: it is checked anew, and rests, the longer the more often it failed in a row. */
export function noteFailure({ learnt }: Provider, error: Worker3Error): void {
  const nowMs = monotonicMs();
  learnt.isOfChain = false;
  learnt.isChecked = false;
  learnt.failures += 1;
  learnt.error = error;
  const restMs = Math.min(FIRST_REST_MS * 2 ** Math.min(learnt.failures - 1, 10), LONGEST_REST_MS);
  learnt.restsUntilMs = nowMs + restMs;
  if (error.code === "RPC_LIMITED") {
    const wantedMs = Math.min(retryAfterMs(error.cause) ?? restMs, LONGEST_REST_MS);
    learnt.limitedUntilMs = nowMs + wantedMs;
    learnt.restsUntilMs = Math.max(learnt.restsUntilMs, learnt.limitedUntilMs);
  }
}

/** A question about the newest block that took so long holds up all that is read. */
const SLOW_MS = 3_000;

/** Notes how long it took to tell its newest block: who is slow leaves the lead to others, where there are some. */
export function noteSpeed({ learnt }: Provider, tookMs: number): void {
  if (tookMs >= SLOW_MS) learnt.slowUntilMs = monotonicMs() + LONGEST_REST_MS;
}

/** All that was asked of it went well. */
export function noteSuccess({ learnt }: Provider): void {
  learnt.failures = 0;
  learnt.restsUntilMs = 0;
  learnt.error = undefined;
}

/** `Retry-After` of a response, in ms (RFC 9110, 10.2.3: in seconds; a date counts as none). */
function retryAfterMs(cause: unknown): number | undefined {
  const refused = (error: unknown): error is { headers: Headers } =>
    error instanceof Error && "headers" in error && error.headers instanceof Headers;
  const at = cause instanceof BaseError ? cause.walk(refused) : undefined;
  const seconds = refused(at) ? Number(at.headers.get("retry-after") ?? Number.NaN) : Number.NaN;
  return seconds > 0 ? seconds * 1_000 : undefined;
}

/** The provider that leads, and the one that has to agree where the network names several hosts. */
export interface Pair {
  readonly leader: Provider;
  readonly witness: Provider | undefined;
}

/** Those that neither rest nor are slow come first, in the network's order; of the others, the one that rests least. */
export function choosePair(providers: readonly Provider[], nowMs: number): Pair {
  const rest = ({ learnt }: Provider) => Math.max(0, learnt.restsUntilMs - nowMs, learnt.slowUntilMs - nowMs);
  const [leader, witness] = providers
    .map((provider, index) => ({ provider, index }))
    .sort((a, b) => rest(a.provider) - rest(b.provider) || a.index - b.index)
    .map(({ provider }) => provider);
  if (leader === undefined) throw new RangeError("a network has at least one RPC");
  return { leader, witness };
}
