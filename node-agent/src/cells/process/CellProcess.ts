import { childrenOf } from "../../process/childrenOf.ts";
import { pollUntil } from "../../process/pollUntil.ts";
import {
  identifyProcess,
  isRunning,
  type ProcessIdentity,
  signalProcess,
} from "../../process/processIdentity.ts";
import { type Exit, type Launched, type LaunchOptions, launch } from "./launch.ts";

/** How long a killed process may take to leave the list of processes. */
const KILL_TIMEOUT_MS = 5_000;

/** The process ended before it was ready. */
export class ProcessEnded extends Error {
  readonly exit: Exit;

  constructor(exit: Exit) {
    super("the process ended before it was ready", { cause: exit.error });
    this.exit = exit;
  }
}

export interface ReadyOptions {
  /** Ends the process when it aborts. */
  readonly signal: AbortSignal;
  /** Called as soon as it is known with whom the process ends. */
  readonly known: (identity: ProcessIdentity) => void;
}

function onlyChildOf({ pid }: ProcessIdentity): ProcessIdentity | undefined {
  const [child] = childrenOf(pid);
  return child === undefined ? undefined : identifyProcess(child);
}

/** workerd, and what wraps it. */
export class CellProcess {
  /** When neither is there any more. Never rejects. */
  readonly exit: Promise<Exit>;
  readonly #launched: Launched;
  readonly #hasInit: boolean;
  /** Of workerd, or of its init: with whom it ends. */
  readonly #identity: Promise<ProcessIdentity | undefined>;

  constructor(options: LaunchOptions) {
    this.#launched = launch(options);
    this.#hasInit = options.hasInit;
    this.#identity = this.#launched.pid.then((pid) => (pid === undefined ? undefined : identifyProcess(pid)));
    this.exit = this.#launched.exit.then(async (exit) => {
      // When the wrapper is killed, the kernel kills what it wraps, but a moment later.
      const identity = await this.#identity;
      if (identity !== undefined && signalProcess(identity, "SIGKILL")) {
        await pollUntil(() => !isRunning(identity), { timeoutMs: KILL_TIMEOUT_MS });
      }
      return exit;
    });
  }

  /** Who it is; undefined where it never came to be. */
  get identity(): Promise<ProcessIdentity | undefined> {
    return this.#identity;
  }

  /** Gives it the configuration that it waits for. That it is gone shows as its exit. */
  feed(configuration: Uint8Array): void {
    this.#launched.input?.on("error", () => {}).end(configuration);
  }

  /**
   * Waits until the process serves: workerd listens when its worker has started. Resolves to who workerd is.
   *
   * @throws {ProcessEnded}; or the signal's reason.
   */
  async ready({ signal, known }: ReadyOptions): Promise<ProcessIdentity> {
    const ended = this.exit.then((exit): never => {
      throw new ProcessEnded(exit);
    });
    const steps = async () => {
      const identity = await this.#identity;
      if (identity === undefined) return ended;
      known(identity);
      if (!(await this.#launched.listening)) return ended;
      return this.#hasInit ? (onlyChildOf(identity) ?? ended) : identity;
    };
    const abort = () => this.#launched.kill();
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await Promise.race([steps(), ended]);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Ends it at once and waits until it is gone. */
  async kill(): Promise<void> {
    this.#launched.kill();
    await this.exit;
  }
}
