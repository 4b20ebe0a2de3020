import { contractError, type Network, Worker3Error } from "@worker3/sdk";
import type { Logger } from "pino";
import { createBackoff, type Waits } from "../../background/backoff.ts";
import { createTurns } from "../../background/createTurns.ts";
import { inBackground } from "../../background/inBackground.ts";
import type { Checkpoint } from "../../ledger/checkpointTable.ts";
import type { ChainTables } from "../applyFacts.ts";
import { ChainError } from "../ChainError.ts";
import { createProviders, type Provider } from "./providers.ts";
import { BookingError, syncChain } from "./syncChain.ts";
import { type Head, watchHeads } from "./watchHeads.ts";

export interface FollowerParameters {
  readonly tables: ChainTables;
  readonly network: Network;
  readonly nodeId: number;
  readonly settings: FollowerSettings;
  readonly logger: Logger;
}

export interface FollowerSettings {
  /** How often an RPC without WebSocket is asked. */
  readonly pollMs: number;
  readonly requestTimeoutMs: number;
  /** Blocks asked for at once at most. */
  readonly backfillBlocks: number;
  /** Blocks above one that is final; undefined: the chain's tag. */
  readonly confirmations?: number | undefined;
}

export interface FollowParameters {
  readonly signal: AbortSignal;
  /**
   * The ledger holds the facts up to `head`, or nothing newer comes. Called whenever that changed, not twice at once. What
   * it throws is logged, says nothing of the chain, and has it called again after a while with what is so then.
   */
  readonly onHead: (status: ChainStatus) => void | Promise<void>;
}

/** How the node stands to the chain. */
export interface ChainStatus {
  /** The newest block whose facts are booked. */
  readonly head: Checkpoint | undefined;
  readonly final: Checkpoint | undefined;
  /** Why nothing newer comes; undefined while all is well. */
  readonly error: Worker3Error | undefined;
}

export interface Follower {
  status(): ChainStatus;
  /** Asks for the newest block now. Resolves when its facts are booked, or could not be; at once while nobody follows. */
  refresh(): Promise<void>;
  /**
   * Follows the chain until `signal` aborts: at each new head (told by a WebSocket, else found by polling) the ledger is
   * brought up to it. With several providers, each in its turn leads and the next one has to agree. Once; never rejects.
   */
  follow(parameters: FollowParameters): Promise<void>;
}

/** Between two tries to read the chain, and to have the others act on it. */
const WAITS: Waits = { firstMs: 250, mostMs: 15_000 };
/** With a WebSocket the poll is only there for heads that it lost. */
const POLLS_WITH_SOCKET = 4;

/** What brings the ledger up to the chain's newest block, again and again. */
export function createFollower({ tables, network, nodeId, settings, logger }: FollowerParameters): Follower {
  const { pollMs, requestTimeoutMs, backfillBlocks, confirmations } = settings;
  const providers = createProviders({ network, requestTimeoutMs });
  const hasSocket = providers.some(({ socket }) => socket !== undefined);
  let leader = 0;
  let status: ChainStatus = { head: tables.checkpoints.newest(), final: undefined, error: undefined };
  // What a WebSocket told while nobody waited is not lost.
  let announced: { head: Head; by: Provider } | undefined;
  let isFollowing = false;
  let waiting: (() => void)[] = [];
  let wake: () => void = () => {};

  function watchSockets(signal: AbortSignal): void {
    for (const provider of providers) {
      const { socket, name } = provider;
      if (socket === undefined) continue;
      inBackground({ logger, signal, failed: "heads of an RPC are not watched", about: { name } }, () =>
        watchHeads(socket, {
          signal,
          onHead(head) {
            announced = { head, by: provider };
            wake();
          },
          onError: (error) => logger.debug({ err: error, name }, "the WebSocket of an RPC failed"),
        }),
      );
    }
  }

  async function pass(signal: AbortSignal, tell: () => void): Promise<void> {
    const provider = providerAt(providers, leader);
    const witness = providers.length > 1 ? providerAt(providers, leader + 1) : undefined;
    const told = announced?.by === provider ? announced.head : undefined;
    announced = undefined;
    const head = await syncChain({
      tables,
      network,
      nodeId,
      provider,
      witness,
      head: told,
      chunkBlocks: backfillBlocks,
      logger,
      signal,
    });
    const isNew = status.head?.hash !== head.hash || status.error !== undefined;
    status = { ...status, head, error: undefined };
    if (!isNew) return;
    tell();
    status = { ...status, final: await finalBlock(provider, head, confirmations) };
    tell();
  }

  async function follow({ signal, onHead }: FollowParameters): Promise<void> {
    const backoff = createBackoff(WAITS);
    const turn = createTurns<"head">({
      work: async () => onHead(status),
      failed: "a new head could not be acted on",
      about: () => ({ head: String(status.head?.number) }),
      waits: WAITS,
      logger,
      signal,
    });
    const tell = () => void turn("head"); // never rejects
    isFollowing = true;
    watchSockets(signal);
    while (!signal.aborted) {
      // Whoever asks while a pass is at work waits for the next one.
      const served = waiting;
      waiting = [];
      try {
        await pass(signal, tell);
        backoff.reset();
        for (const resolve of served) resolve();
        await waitFor(hasSocket ? pollMs * POLLS_WITH_SOCKET : pollMs, signal);
      } catch (cause) {
        for (const resolve of served) resolve();
        if (signal.aborted) break;
        const error = chainErrorOf(cause);
        logger.warn({ err: error, provider: providerAt(providers, leader).name }, "cannot follow the chain");
        status = { ...status, error };
        tell();
        if (!(cause instanceof BookingError)) leader += 1;
        announced = undefined;
        await waitFor(backoff.next(), signal);
      }
    }
    isFollowing = false;
    for (const resolve of waiting) resolve();
    for (const { socket } of providers) await closeSocket(socket).catch(() => undefined);
  }

  function waitFor(ms: number, signal: AbortSignal): Promise<void> {
    if (announced !== undefined || waiting.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        wake = () => {};
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
      wake = end;
    });
  }

  return {
    status: () => status,
    refresh: () =>
      new Promise((resolve) => {
        if (!isFollowing) return resolve();
        waiting.push(resolve);
        wake();
      }),
    follow,
  };
}

function providerAt(providers: readonly Provider[], index: number): Provider {
  const provider = providers[index % providers.length];
  if (provider === undefined) throw new RangeError("a network has at least one RPC");
  return provider;
}

async function finalBlock(
  { client }: Provider,
  head: Checkpoint,
  confirmations: number | undefined,
): Promise<Checkpoint> {
  const block =
    confirmations === undefined
      ? await client.getBlock({ blockTag: "finalized" })
      : await client.getBlock({ blockNumber: maxOf(head.number - BigInt(confirmations), 0n) });
  // Where blocks are final at once, one may be that is newer than what is booked.
  if (block.number > head.number) return head;
  return { number: block.number, hash: block.hash, timestamp: Number(block.timestamp) };
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function chainErrorOf(cause: unknown): Worker3Error {
  if (cause instanceof BookingError) return ledgerErrorOf(cause.cause);
  const error = contractError(cause);
  if (error instanceof Worker3Error) return error;
  return new ChainError({
    code: "CHAIN_UNREADABLE",
    message: `the chain could not be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: "the agent tries again; what it serves stays served",
    cause,
  });
}

function ledgerErrorOf(cause: unknown): Worker3Error {
  if (cause instanceof Worker3Error) return cause;
  return new ChainError({
    code: "FACTS_NOT_BOOKED",
    message: `what the chain says could not be booked: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: "the agent tries again; what it serves stays served",
    cause,
  });
}

async function closeSocket(socket: Provider["socket"]): Promise<void> {
  if (socket === undefined) return;
  const client = await (socket.transport as unknown as { getRpcClient?: () => Promise<{ close(): void }> })
    .getRpcClient?.()
    .catch(() => undefined);
  client?.close();
}
