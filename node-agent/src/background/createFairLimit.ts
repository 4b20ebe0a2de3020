/** Runs at most so much at once; of those who wait, one of each key in turn. */
export interface FairLimit<key> {
  run<T>(of: key, work: () => Promise<T>): Promise<T>;
}

/**
 * Where many wait who belong together, whoever else comes waits for what runs, not for all of them.
 *
 * @param concurrency - what runs at once, at least 1.
 */
export function createFairLimit<key>(concurrency: number): FairLimit<key> {
  const turns = createTurnOrder<key>();
  const waiting: { of: key; begin: () => void }[] = [];
  let running = 0;

  return {
    async run(of, work) {
      if (running < concurrency) running += 1;
      else await new Promise<void>((begin) => waiting.push({ of, begin }));
      try {
        return await work();
      } finally {
        const next = turns.take(waiting, (one) => one.of);
        // Whose turn it is takes over the place.
        if (next === undefined) running -= 1;
        else next.begin();
      }
    },
  };
}

/** Whose turn it is: of the key that had none for the longest time, the one that came first. */
export interface TurnOrder<key> {
  /** Takes the next one out of those who wait, who stand in the order in which they came. */
  take<T>(waiting: T[], keyOf: (one: T) => key): T | undefined;
}

export function createTurnOrder<key>(): TurnOrder<key> {
  const hadTurn = new Map<key, number>();
  let turn = 0;
  return {
    take(waiting, keyOf) {
      let place = -1;
      let longest = Number.POSITIVE_INFINITY;
      waiting.forEach((one, index) => {
        const last = hadTurn.get(keyOf(one)) ?? 0;
        if (last >= longest) return;
        longest = last;
        place = index;
      });
      if (place < 0) return undefined;
      const [taken] = waiting.splice(place, 1);
      // Nobody is behind anybody any more.
      if (waiting.length === 0) hadTurn.clear();
      else if (taken !== undefined) hadTurn.set(keyOf(taken), ++turn);
      return taken;
    },
  };
}
