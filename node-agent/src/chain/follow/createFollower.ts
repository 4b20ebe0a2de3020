import { contractError, type Network, Worker3Error } from "@worker3/sdk";
import type { Logger } from "pino";
import { createBackoff, type Waits } from "../../background/backoff.ts";
import { createTurns } from "../../background/createTurns.ts";
import { inBackground } from "../../background/inBackground.ts";
import type { Checkpoint } from "../../ledger/checkpointTable.ts";
import { monotonicMs } from "../../process/monotonicMs.ts";
import type { ChainTables } from "../applyFacts.ts";
import { ChainError } from "../ChainError.ts";
import { checkpointOf, finalBlock } from "./finalBlock.ts";
import { agreedHead, type Header, noteHead } from "./headers.ts";
import { checkChainId, checkIdentity } from "./identity.ts";
import { type ProviderStatus, stalledOf, statusOfProvider } from "./providerStatus.ts";
import {
  choosePair,
  createProviders,
  noteFailure,
  noteSuccess,
  type Pair,
  type Provider,
  providerBehind,
} from "./providers.ts";
import { BookingError, rereadChain, type SyncChainParameters, syncChain } from "./syncChain.ts";
import { breakSocket, closeSocket, watchHeads } from "./watchHeads.ts";

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
  /** No new block for so long: the RPC stands still, or the chain. */
  readonly stalledMs: number;
  /** A block to which this node may go back although a newer one was final; undefined: never below that. */
  readonly acceptRollbackTo?: number | undefined;
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
  /** The newest block that is final, as far as this node knows; every fact up to it is booked. */
  readonly final: Checkpoint | undefined;
  /** Whether RPCs of two hosts told the newest block alike. */
  readonly isWitnessed: boolean;
  /** The newest block that the RPCs tell; above `head` while the ledger is brought up to it. */
  readonly target: bigint | undefined;
  /** The ledger holds what the RPCs told last, and none of them failed since. */
  readonly isSynced: boolean;
  /** The ledger was brought up to the newest block since this process started, whatever came after. */
  readonly wasSynced: boolean;
  /** Why nothing newer comes; undefined while all is well. */
  readonly error: Worker3Error | undefined;
  readonly providers: readonly ProviderStatus[];
}

export interface Follower {
  status(): ChainStatus;
  /** Asks for the newest block now. Resolves when its facts are booked, or could not be; at once while nobody follows. */
  refresh(): Promise<void>;
  /**
   * Reads again what came after the block up to which the facts were compared last and agreed, or where there is none all of
   * it, and has it acted on. Resolves when that is done, or could not be.
   */
  reread(): Promise<void>;
  /** The facts of the newest block were compared with what the contracts say, and agree. */
  compared(head: Checkpoint): void;
  /**
   * Follows the chain until `signal` aborts: at each new head (told by a WebSocket, else found by polling) the ledger is
   * brought up to it. With several providers one leads and another has to agree; who fails rests. Once; never rejects.
   */
  follow(parameters: FollowParameters): Promise<void>;
}

/** Between two tries to read the chain, and to have the others act on it. */
const WAITS: Waits = { firstMs: 250, mostMs: 5_000 };
/** With a WebSocket the poll is only there for heads that it lost. */
const POLLS_WITH_SOCKET = 4;
/** A WebSocket that missed so many heads in a row is broken off and made anew. */
const MISSES = 3;

/** What brings the ledger up to the chain's newest block, again and again. */
export function createFollower({ tables, network, nodeId, settings, logger }: FollowerParameters): Follower {
  const { pollMs, requestTimeoutMs, backfillBlocks, confirmations, stalledMs } = settings;
  const { checkpoints } = tables;
  const providers = createProviders({ network, requestTimeoutMs });
  const sockets = new Map(
    providers.flatMap((provider) => (provider.socket === undefined ? [] : [[provider, { misses: 0 }]])),
  );
  let status: Omit<ChainStatus, "providers"> = {
    head: checkpoints.newest(),
    final: checkpoints.final(),
    isWitnessed: false,
    target: undefined,
    isSynced: false,
    wasSynced: false,
    error: undefined,
  };
  /** The hash of the newest block that `onHead` was told. */
  let lastTold: string | undefined;
  // What a WebSocket told while nobody waited is not lost.
  let announced: { head: Header; by: Provider } | undefined;
  let isFollowing = false;
  let isRereadWanted = false;
  let waiting: (() => void)[] = [];
  let wake: () => void = () => {};

  function watchSockets(signal: AbortSignal): void {
    for (const [provider, told] of sockets) {
      const { socket, name } = provider;
      if (socket === undefined) continue;
      inBackground({ logger, signal, failed: "heads of an RPC are not watched", about: { name } }, () =>
        watchHeads(socket, {
          signal,
          onHead(head) {
            told.misses = 0;
            noteHead(provider, head);
            announced = { head, by: provider };
            wake();
          },
          onError: (error) => logger.debug({ err: error, name }, "the WebSocket of an RPC failed"),
        }),
      );
    }
  }

  /** A poll found a head of which a WebSocket that seems to be open said nothing. */
  async function noteMiss(provider: Provider): Promise<void> {
    const told = sockets.get(provider);
    if (told === undefined || provider.socket === undefined) return;
    told.misses += 1;
    if (told.misses % MISSES !== 0) return;
    logger.info({ name: provider.name }, "a WebSocket tells nothing any more and is made anew");
    await breakSocket(provider.socket);
  }

  /** No block below this one is taken back; what every RPC of this chain has to have. */
  function pinned(): Checkpoint | undefined {
    const { acceptRollbackTo } = settings;
    const final = checkpoints.final();
    if (final === undefined || acceptRollbackTo === undefined || final.number <= acceptRollbackTo)
      return final;
    return checkpoints.newest(BigInt(acceptRollbackTo));
  }

  async function pass(pair: Pair, signal: AbortSignal, tell: () => void): Promise<void> {
    const { leader, witness } = pair;
    const told = announced?.by === leader ? announced.head : undefined;
    announced = undefined;
    const final = pinned();
    const identity = { chainId: network.chainId, pinned: final };
    const both = witness === undefined ? [leader] : [leader, witness];
    await Promise.all(both.map((provider) => checkChainId(provider, network.chainId)));
    const { head: agreed, isWitnessed } = await agreedHead(leader, witness, told);
    for (const provider of both) await checkIdentity(provider, identity);
    const head = checkpointOf(agreed);
    if (told === undefined && status.isSynced && head.number > (status.head?.number ?? head.number))
      await noteMiss(leader);
    status = { ...status, target: agreed.number };
    const parameters: SyncChainParameters = {
      ...pair,
      tables,
      network,
      nodeId,
      head: agreed,
      final,
      identity,
      chunkBlocks: backfillBlocks,
      logger,
      signal,
      onBooked(booked) {
        status = { ...status, head: booked };
      },
    };
    await syncChain(parameters);
    if (isRereadWanted) {
      const from = checkpoints.compared();
      logger.warn({ from: String(from?.number ?? network.deploymentBlock) }, "reads the chain again");
      await rereadChain(parameters, from);
      // If that did not do, all of it is read next time.
      checkpoints.setCompared(undefined);
      isRereadWanted = false;
      lastTold = undefined;
    }
    noteSuccess(leader);
    if (witness !== undefined) noteSuccess(witness);
    const stalled = stalledOf(pair, { nowMs: monotonicMs(), stalledMs });
    if (stalled?.provider !== undefined) throw stalled.error;
    const isSame = status.error?.code === stalled?.error.code;
    const isNew = told !== undefined || lastTold !== head.hash || !status.isSynced || !isSame;
    status = {
      ...status,
      head: checkpoints.newest(),
      isWitnessed,
      isSynced: true,
      wasSynced: true,
      error: stalled?.error,
    };
    if (!isNew) return;
    lastTold = head.hash;
    tell();
    status = { ...status, final: keepFinal(await finalBlock(pair, head, confirmations)) };
    tell();
  }

  /** A final block is remembered over restarts. It never goes back, unless the operator says that the chain did. */
  function keepFinal(told: Checkpoint): Checkpoint {
    const kept = checkpoints.final();
    const known = pinned();
    if (kept !== undefined && known?.hash === kept.hash && told.number <= kept.number) return kept;
    try {
      tables.ledger.transaction(() => checkpoints.setFinal(told));
    } catch (cause) {
      throw new BookingError(cause);
    }
    return told;
  }

  async function follow({ signal, onHead }: FollowParameters): Promise<void> {
    const backoff = createBackoff(WAITS);
    const turn = createTurns<"head">({
      work: async () => onHead(currentStatus()),
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
      const pair = choosePair(providers, monotonicMs());
      try {
        await pass(pair, signal, tell);
        backoff.reset();
        for (const resolve of served) resolve();
        await waitFor(isTold(pair) ? pollMs * POLLS_WITH_SOCKET : pollMs, signal);
      } catch (cause) {
        for (const resolve of served) resolve();
        if (signal.aborted) break;
        const error = chainErrorOf(cause);
        const failed = providerBehind(cause) ?? pair.leader;
        logger.warn({ err: error, provider: failed.name }, "cannot follow the chain");
        status = { ...status, isSynced: false, error };
        tell();
        if (!(cause instanceof BookingError) && error.code !== "CHAIN_MOVED") noteFailure(failed, error);
        announced = undefined;
        // Whoever is asked over a WebSocket alone may have lost the other end of it without a word.
        if (error.code === "RPC_TIMEOUT" && failed.batched === undefined && failed.socket !== undefined)
          await breakSocket(failed.socket);
        await waitFor(Math.max(backoff.next(), limitedMs()), signal);
      }
    }
    isFollowing = false;
    for (const resolve of waiting) resolve();
    for (const { socket } of providers)
      if (socket !== undefined) await closeSocket(socket).catch(() => undefined);
  }

  /** Whether the leader's WebSocket tells of new heads. */
  function isTold({ leader }: Pair): boolean {
    return sockets.get(leader)?.misses === 0;
  }

  /** How long to leave the RPCs alone that would be asked next, as one of them wants it. */
  function limitedMs(): number {
    const nowMs = monotonicMs();
    const { leader, witness } = choosePair(providers, nowMs);
    return Math.max(leader.learnt.limitedUntilMs, witness?.learnt.limitedUntilMs ?? 0) - nowMs;
  }

  function currentStatus(): ChainStatus {
    const nowMs = monotonicMs();
    return { ...status, providers: providers.map((provider) => statusOfProvider(provider, nowMs)) };
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

  function refresh(): Promise<void> {
    return new Promise((resolve) => {
      if (!isFollowing) return resolve();
      waiting.push(resolve);
      wake();
    });
  }

  return {
    status: currentStatus,
    refresh,
    reread() {
      isRereadWanted = true;
      return refresh();
    },
    compared: (head) => checkpoints.setCompared(head),
    follow,
  };
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
