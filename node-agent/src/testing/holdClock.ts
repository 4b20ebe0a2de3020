/** What `Date.now` says in this process, until it is disposed of; timers and `performance.now` go on. */
export interface HeldClock extends Disposable {
  advance(ms: number): void;
}

/** Stops the clock, so that a test says what time it is and a busy machine does not. */
export function holdClock(): HeldClock {
  const real = Date.now;
  let nowMs = real();
  Date.now = () => nowMs;
  return {
    advance(ms) {
      nowMs += ms;
    },
    [Symbol.dispose]() {
      Date.now = real;
    },
  };
}
