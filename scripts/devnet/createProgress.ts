/** Says on stderr what is done, and how long it took. */
export interface Progress {
  /** Of the steps so far, in ms. */
  readonly timings: Record<string, number>;
  step<T>(name: string, title: string, run: () => Promise<T>): Promise<T>;
  say(text: string): void;
  /** Since the devnet was started, with a decimal. */
  seconds(): string;
}

export function createProgress(): Progress {
  const timings: Record<string, number> = {};
  const say = (text: string): void => void process.stderr.write(`devnet: ${text}\n`);
  return {
    timings,
    say,
    async step(name, title, run) {
      const started = performance.now();
      const result = await run();
      const ms = Math.round(performance.now() - started);
      timings[name] = ms;
      say(`${title} (${(ms / 1000).toFixed(1)} s)`);
      return result;
    },
    seconds: () => (performance.now() / 1000).toFixed(1), // `performance` counts from the start of the process
  };
}
