export interface AbortableIterator<T> {
  /** As the iterator's own `next`, or rejects with the signal's reason, even while the iterator hangs. */
  next(): Promise<IteratorResult<T, unknown>>;
  dispose(): void;
}

/**
 * Lets a signal end the wait for an iterator. One listener for all: `Promise.race` with one long-lived promise would
 * keep a reaction for every step.
 */
export function abortable<T>(
  iterator: AsyncIterator<T>,
  signal: AbortSignal | undefined,
): AbortableIterator<T> {
  let rejectWaiting: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => rejectWaiting?.(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    next: () =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        rejectWaiting = reject;
        iterator.next().then(resolve, reject);
      }),
    dispose: () => signal?.removeEventListener("abort", onAbort),
  };
}
