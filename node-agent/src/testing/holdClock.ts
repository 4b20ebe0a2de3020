/** What `Date.now` and `monotonicMs` say in this process, until it is disposed of; timers and `performance.now` go on. */
export interface HeldClock extends Disposable {
  advance(ms: number): void;
  /** Sets the machine's clock, by so many ms; the steady one stays. */
  setMachine(ms: number): void;
}

/** Stops the clock, so that a test says what time it is and a busy machine does not. */
export function holdClock(): HeldClock {
  const real = Date.now;
  const realMonotonic = process.hrtime.bigint;
  let nowMs = real();
  let monotonicNs = realMonotonic();
  Date.now = () => nowMs;
  process.hrtime.bigint = () => monotonicNs;
  return {
    advance(ms) {
      nowMs += ms;
      monotonicNs += BigInt(ms) * 1_000_000n;
    },
    setMachine(ms) {
      nowMs += ms;
    },
    [Symbol.dispose]() {
      Date.now = real;
      process.hrtime.bigint = realMonotonic;
    },
  };
}
