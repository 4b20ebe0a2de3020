/** A wait that somebody else can end. */
export interface Alarm {
  /** Settles after `ms`, on `wake` or when `signal` aborts. A `wake` while nobody waits ends the next wait at once. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  wake(): void;
}

export function createAlarm(): Alarm {
  let rung = false;
  let end = (): void => {};
  return {
    async wait(ms, signal) {
      if (!rung && !signal.aborted) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          end = resolve;
          timer = setTimeout(resolve, ms);
          signal.addEventListener("abort", end, { once: true });
        });
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
      }
      rung = false;
    },
    wake() {
      rung = true;
      end();
    },
  };
}
