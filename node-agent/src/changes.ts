/** Tells those who watch which keys changed. */
export interface Changes<key> {
  mark(key: key): void;
  watch(): Watch<key>;
}

export interface Watch<key> {
  /** What changed since the last call, or since the watch began. */
  take(): ReadonlySet<key>;
}

export function createChanges<key>(): Changes<key> {
  const watches: { changed: Set<key> }[] = [];
  return {
    mark(key) {
      for (const { changed } of watches) changed.add(key);
    },
    watch() {
      const own = { changed: new Set<key>() };
      watches.push(own);
      return {
        take() {
          const { changed } = own;
          own.changed = new Set();
          return changed;
        },
      };
    },
  };
}
