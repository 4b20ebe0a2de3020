import { epochAt, type Times } from "@worker3/sdk";

/** This machine's clock, corrected to the chain's. */
export interface ChainClock {
  /** Unix milliseconds, as the chain counts. */
  nowMs(): number;
  epoch(): number;
  /** What another process of this machine needs to tell the chain's time and epochs. */
  settings(): ClockSettings;
  /** Corrects the clock by the newest block (Unix seconds), just seen. Says whether that changed it. */
  see(timestamp: number): boolean;
}

export interface ClockSettings {
  /** When epoch 0 began, in Unix milliseconds. */
  readonly genesisMs: number;
  readonly epochMs: number;
  /** Chain time less this machine's, in ms. */
  readonly skewMs: number;
}

/** A block may be so old when it is seen: the time between blocks, and the way to here. */
const OLDEST_HEAD_MS = 30_000;
/** Smaller corrections are noise. */
const NOISE_MS = 1_500;

export function createChainClock(times: Pick<Times, "genesis" | "epochSeconds">): ChainClock {
  let skewMs = 0;
  const nowMs = () => Date.now() + skewMs;
  return {
    nowMs,
    epoch: () => epochAt(times, Math.max(nowMs() / 1000, times.genesis)),
    settings: () => ({ genesisMs: times.genesis * 1000, epochMs: times.epochSeconds * 1000, skewMs }),
    see(timestamp) {
      const wanted = skewFor(timestamp * 1000 - Date.now());
      if (Math.abs(wanted - skewMs) < NOISE_MS) return false;
      skewMs = wanted;
      return true;
    },
  };
}

/** A head from the future puts the clock forward; one that is a little old is as it should be. */
function skewFor(differenceMs: number): number {
  if (differenceMs > NOISE_MS) return differenceMs;
  return differenceMs < -OLDEST_HEAD_MS ? differenceMs + NOISE_MS : 0;
}
