import { epochAt, type Times } from "@worker3/sdk";
import { monotonicMs } from "../process/monotonicMs.ts";

/** The chain's time: it goes on at the pace of time, and is corrected by blocks that can be believed. */
export interface ChainClock {
  /** Unix milliseconds, as the chain counts. */
  nowMs(): number;
  epoch(): number;
  /** What another process of this machine needs to tell the chain's time and epochs. */
  settings(): ClockSettings;
  /** Corrects the clock by the newest block, just seen. Says whether that changed its settings. */
  see(head: SeenHead): boolean;
}

export interface SeenHead {
  readonly number: bigint;
  /** Unix time, in seconds. */
  readonly timestamp: number;
  /** Whether RPCs of two hosts say so. */
  readonly isWitnessed: boolean;
}

export interface ClockSettings {
  /** When epoch 0 began, in Unix milliseconds. */
  readonly genesisMs: number;
  readonly epochMs: number;
  /** Chain time less `monotonicMs`, in milliseconds. */
  readonly offsetMs: number;
  /** The newest epoch that a believed block is of; -1 before there is one. */
  readonly reachedEpoch: number;
}

export interface ChainClockOptions {
  /** No earlier than this block (Unix seconds): what the machine's clock said before may be wrong. */
  readonly knownSeconds?: number | undefined;
  /** How long the blocks of a single RPC have to agree on a great step before it is made, in ms. */
  readonly proofMs?: number | undefined;
  readonly monotonic?: () => number;
}

/** A block may be so old when it is seen: the time between blocks, and the way to here. */
const OLDEST_HEAD_MS = 30_000;
/** Smaller corrections are noise. */
const NOISE_MS = 1_500;
/** So far ahead a block may be of this clock without proof: chains let their proposers be ahead by about as much. */
const STEP_MS = 15_000;
/** So many blocks have to agree on a great step. */
const PROOF_BLOCKS = 3;
const PROOF_MS = 10_000;

/** What blocks say that are far from the clock. */
interface Evidence {
  readonly sinceMs: number;
  readonly firstOffsetMs: number;
  /** The youngest that a block was when it was seen shows best what time it is. */
  readonly bestOffsetMs: number;
  readonly newest: bigint;
  readonly blocks: number;
}

/**
 * A clock that no single block can move far: one RPC that lies for a moment would have everything booked in an epoch that
 * never was. A block that is far ahead has to be confirmed by a second RPC, or by others that follow for a while; one that
 * is old says nothing, since RPCs lag and chains rest, unless new ones keep coming that are as old.
 *
 * Starts with the machine's clock; from then on only the chain changes it.
 */
export function createChainClock(
  times: Pick<Times, "genesis" | "epochSeconds">,
  { knownSeconds = 0, proofMs = PROOF_MS, monotonic = monotonicMs }: ChainClockOptions = {},
): ChainClock {
  let offsetMs = Math.max(Date.now(), knownSeconds * 1_000) - monotonic();
  let reachedEpoch = -1;
  let evidence: Evidence | undefined;
  const nowMs = () => monotonic() + offsetMs;
  const epochOf = (ms: number) => epochAt(times, Math.max(ms / 1_000, times.genesis));

  /** What the clock is to be set to, where a block that is far from it is proof enough. */
  function provenOffset({ number, timestamp, isWitnessed }: SeenHead, atMs: number): number | undefined {
    const offset = timestamp * 1_000 - atMs;
    const ahead = offset - offsetMs;
    if (ahead > 0 && (ahead <= STEP_MS || isWitnessed)) return offset;
    const before = evidence;
    if (before === undefined || Math.abs(offset - before.firstOffsetMs) > STEP_MS) {
      evidence = { sinceMs: atMs, firstOffsetMs: offset, bestOffsetMs: offset, newest: number, blocks: 1 };
      return undefined;
    }
    if (number <= before.newest) return undefined;
    const bestOffsetMs = Math.max(before.bestOffsetMs, offset);
    evidence = { ...before, bestOffsetMs, newest: number, blocks: before.blocks + 1 };
    const isProof = evidence.blocks >= PROOF_BLOCKS && atMs - evidence.sinceMs >= proofMs;
    return isProof ? bestOffsetMs : undefined;
  }

  return {
    nowMs,
    epoch: () => epochOf(nowMs()),
    settings: () => ({
      genesisMs: times.genesis * 1_000,
      epochMs: times.epochSeconds * 1_000,
      offsetMs,
      reachedEpoch,
    }),
    see(head) {
      const atMs = monotonic();
      const before = { offsetMs, reachedEpoch };
      const headMs = head.timestamp * 1_000;
      const ahead = headMs - nowMs();
      const isFar = ahead > NOISE_MS || ahead < -OLDEST_HEAD_MS;
      const proven = isFar ? provenOffset(head, atMs) : offsetMs;
      if (proven !== undefined) {
        offsetMs = proven;
        evidence = undefined;
        reachedEpoch = Math.max(reachedEpoch, epochOf(headMs));
      }
      // What an epoch that is over was closed by may have been a lie.
      reachedEpoch = Math.min(reachedEpoch, epochOf(nowMs()));
      return offsetMs !== before.offsetMs || reachedEpoch !== before.reachedEpoch;
    },
  };
}
