/** What a look at a cell's memory shows, in bytes. */
export interface MemorySample {
  /** Of the worker, without what workerd has for itself. */
  readonly usedBytes: number;
  /** What it may hold of the body of one request under way: the largest. */
  readonly heaviestBytes: number;
}

/** What is remembered of a cell from look to look. */
export interface MemoryState {
  readonly lastBytes: number;
  readonly isReplaced: boolean;
  /** Looks since something was cut; what it held is given back a moment later. */
  readonly looksSinceCut: number;
  /** Looks on end above the hard limit. */
  readonly looksAbove: number;
}

/** What is to be done, all of it. */
export interface MemoryVerdict {
  /** A fresh cell takes its place, and it finishes its requests. */
  readonly isReplaced: boolean;
  /** The requests of which it may hold so much are cut off; undefined: none. */
  readonly cutFromBytes: number | undefined;
  readonly isKilled: boolean;
}

export const FIRST_MEMORY_STATE: MemoryState = {
  lastBytes: 0,
  isReplaced: false,
  looksSinceCut: Number.POSITIVE_INFINITY,
  looksAbove: 0,
};

/** A body that holds less is not what fills a cell. */
const HEAVY_BYTES = 4 * 1_048_576;
/** V8 and the kernel take so many looks to give back what a request held. */
const EFFECT_LOOKS = 2;
/** A cell above its hard limit has so many looks to come back, with something to cut in it. */
const MAX_LOOKS_ABOVE = 6;
/** And none so far above. */
const FAR_SHARE = 1.4;

/**
 * Judges a cell by its memory. Above the soft limit it is replaced. Before it reaches the hard one, where it would be
 * killed, the requests with the largest bodies are cut off: one visitor's upload shall not end what others are at.
 */
export function judgeMemory(
  state: MemoryState,
  { usedBytes, heaviestBytes }: MemorySample,
  { memoryBytes, hardMemoryBytes }: { readonly memoryBytes: number; readonly hardMemoryBytes: number },
): { state: MemoryState; verdict: MemoryVerdict } {
  const isAbove = usedBytes > hardMemoryBytes;
  const isOver = usedBytes > memoryBytes;
  const growsBytes = Math.max(0, usedBytes - state.lastBytes);
  // At this pace it is above the limit before the next look has an effect.
  const isNear = isOver && usedBytes + EFFECT_LOOKS * growsBytes > hardMemoryBytes;
  const isHeavy = heaviestBytes >= HEAVY_BYTES;
  const isCutting = state.looksSinceCut < EFFECT_LOOKS;
  const cuts = isNear && isHeavy && !isCutting;
  const looksAbove = isAbove ? state.looksAbove + 1 : 0;
  const isHopeless = looksAbove > MAX_LOOKS_ABOVE || usedBytes > FAR_SHARE * hardMemoryBytes;
  const isKilled = isAbove && (isHopeless || !(isHeavy || isCutting));
  return {
    state: {
      lastBytes: usedBytes,
      isReplaced: state.isReplaced || isOver,
      looksSinceCut: cuts ? 0 : state.looksSinceCut + 1,
      looksAbove,
    },
    verdict: {
      isReplaced: isOver && !state.isReplaced && !isKilled,
      // Above the limit there is no time to try one after the other.
      cutFromBytes:
        cuts && !isKilled ? (isAbove ? Math.max(HEAVY_BYTES, heaviestBytes / 4) : heaviestBytes) : undefined,
      isKilled,
    },
  };
}
