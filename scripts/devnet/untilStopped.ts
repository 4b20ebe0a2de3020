import { DevnetError } from "./DevnetError.ts";
import { watchParent } from "./watchParent.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** npm passes on the Ctrl-C that the terminal has already sent to its whole group: that is one, not two. */
const SAME_SIGNAL_MS = 500;

export interface UntilStoppedParameters {
  readonly say: (text: string) => void;
  /** Called at the second signal, before this process exits. */
  readonly killAll: () => void;
}

/** When to stop, and why. */
export interface Stop {
  /** Aborted then. */
  readonly signal: AbortSignal;
  /** Rejects then: with `STOPPED` if it was wanted. */
  readonly reason: Promise<never>;
  now(error: DevnetError): void;
  /** Gives the signals back. */
  end(): void;
}

/** Waits for SIGINT, SIGTERM, SIGHUP, or the end of whoever started this process. */
export function untilStopped({ say, killAll }: UntilStoppedParameters): Stop {
  const controller = new AbortController();
  const { signal } = controller;
  let stoppedAt = 0;
  const now = (error: DevnetError): void => {
    stoppedAt ||= performance.now();
    controller.abort(error);
  };
  const stopped = (message: string): DevnetError => new DevnetError({ code: "STOPPED", message });

  const onSignal = (name: NodeJS.Signals): void => {
    if (!signal.aborted) {
      now(stopped(name));
      return;
    }
    if (performance.now() - stoppedAt < SAME_SIGNAL_MS) return;
    say(`${name} again: killing what still runs`);
    killAll();
    process.exit(1);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  const endWatch = watchParent(({ pid, command }) =>
    now(stopped(`its parent has ended (pid ${pid}, ${command.join(" ")})`)),
  );
  const reason = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  reason.catch(() => {}); // whoever waits for it hears of it
  return {
    signal,
    reason,
    now,
    end() {
      endWatch();
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
