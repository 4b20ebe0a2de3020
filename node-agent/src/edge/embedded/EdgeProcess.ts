import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { inBackground } from "../../background/inBackground.ts";
import type { CountReport } from "../CountReport.ts";
import type { CutOptions } from "../Edge.ts";
import { type CutRequest, type Load, NO_LOAD } from "../Load.ts";
import type { AgentMessage, ProcessMessage } from "./messages.ts";

export type Listening = Extract<ProcessMessage, { type: "listening" }>;

/** A process that could not listen; `code` is the system's, such as EADDRINUSE. */
export class ListenFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface EdgeProcessOptions {
  readonly start: Extract<AgentMessage, { type: "start" }>;
  readonly logger: Logger;
  /** Books a report. Throwing means that it comes again. */
  readonly onCounts: (report: CountReport) => void;
  readonly onWake: (projectId: string) => void;
  readonly onTrouble: (upstream: string, error: string) => void;
  readonly onCut: (requests: readonly CutRequest[]) => void;
  /** The process is gone, whatever the reason. */
  readonly onExit: (reason: string) => void;
}

const START_MS = 20_000;
/** On top of the grace: for the last counts, and for ending. */
const END_MS = 5_000;

// The edge faces the public; of the agent's environment it gets what Node itself reads.
const ENVIRONMENT = ["PATH", "TZ", "NODE_OPTIONS"];

/** One run of one edge process. */
export class EdgeProcess {
  readonly #options: EdgeProcessOptions;
  readonly #child: ChildProcess;
  /** Resolve when the process has done what it was asked for, or ended. */
  readonly #asked = new Map<number, () => void>();
  readonly #listening: Promise<Listening>;
  #nextId = 1;
  readonly #loads = new Map<string, Load>();
  #closedEpoch = Number.NEGATIVE_INFINITY;

  constructor(options: EdgeProcessOptions) {
    this.#options = options;
    const env = Object.fromEntries(ENVIRONMENT.map((name) => [name, process.env[name]]));
    const main = new URL(`./process/main${extname(import.meta.url)}`, import.meta.url);
    this.#child = fork(fileURLToPath(main), { env, stdio: ["ignore", "ignore", "pipe", "ipc"] });
    const { stderr } = this.#child;
    if (stderr !== null) {
      createInterface({ input: stderr }).on("line", (line) => {
        options.logger.warn({ edgePid: this.pid }, line);
      });
    }
    this.#listening = this.#untilListening();
    this.#listening.catch(() => {});
    this.#child.on("message", (message: ProcessMessage) => this.#handle(message));
    this.#child.once("exit", (code, signal) => this.#exited(`${signal ?? `exit code ${code}`}`));
    this.#child.once("error", (error) => this.#exited(error.message));
    this.send(options.start);
  }

  get pid(): number | undefined {
    return this.#isRunning ? this.#child.pid : undefined;
  }

  /** As of its last acknowledged report. */
  get closedEpoch(): number {
    return this.#closedEpoch;
  }

  get #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @throws {ListenFailure} where it cannot listen; an Error where it ends or hangs before. */
  listening(): Promise<Listening> {
    return this.#listening;
  }

  send(message: AgentMessage): void {
    // One that is gone shows as its exit.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  load(socketPath: string): Load {
    return this.#loads.get(socketPath) ?? NO_LOAD;
  }

  /** Resolves at once where the process ends: what was in flight ended with it. */
  async retire(upstream: string): Promise<void> {
    await this.#ask((id) => ({ type: "retire", id, upstream }));
    this.#loads.delete(upstream);
  }

  /** As `retire`. */
  cut(socketPath: string, options: CutOptions): Promise<void> {
    return this.#ask((id) => ({ type: "cut", id, socketPath, ...options }));
  }

  async #ask(message: (id: number) => AgentMessage): Promise<void> {
    if (!this.#child.connected) return;
    const id = this.#nextId++;
    await new Promise<void>((resolve) => {
      this.#asked.set(id, resolve);
      this.send(message(id));
    });
  }

  #done(id: number | undefined): void {
    if (id === undefined) return;
    this.#asked.get(id)?.();
    this.#asked.delete(id);
  }

  /** Lets requests finish and ends the process; kills it where it does not. */
  async close(graceMs: number): Promise<void> {
    if (!this.#isRunning) return;
    const exited = once(this.#child, "exit");
    this.send({ type: "close", graceMs });
    const kill = setTimeout(() => this.kill(), graceMs + END_MS);
    await exited;
    clearTimeout(kill);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #handle(message: ProcessMessage): void {
    const { onWake, onTrouble, onCut } = this.#options;
    if (message.type === "counts") this.#book(message.report);
    else if (message.type === "wake") this.#tell(() => onWake(message.projectId));
    else if (message.type === "trouble") this.#tell(() => onTrouble(message.upstream, message.error));
    else if (message.type === "cut") {
      if (message.requests.length > 0) this.#tell(() => onCut(message.requests));
      this.#done(message.id);
    } else if (message.type === "load") {
      for (const { socketPath, ...load } of message.rows) this.#loads.set(socketPath, load);
    } else if (message.type === "listening") this.#closedEpoch = message.closedEpoch;
    else if (message.type === "retired") this.#done(message.id);
  }

  /** What a listener throws must not end the agent, which an event's handler would. */
  #tell(listener: () => unknown): void {
    const { logger } = this.#options;
    inBackground({ logger, failed: "what an edge process told could not be acted on" }, listener);
  }

  #book(report: CountReport): void {
    let booked = true;
    try {
      this.#options.onCounts(report);
      this.#closedEpoch = report.closedEpoch;
    } catch (error) {
      booked = false;
      this.#options.logger.error({ err: error, sequence: report.sequence }, "counts could not be booked");
    }
    this.send({ type: "answer", sequence: report.sequence, booked });
  }

  #untilListening(): Promise<Listening> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`the edge process did not listen within ${START_MS} ms`));
        this.kill();
      }, START_MS);
      this.#child.on("message", (message: ProcessMessage) => {
        if (message.type !== "listening" && message.type !== "failed") return;
        clearTimeout(timer);
        if (message.type === "listening") return resolve(message);
        reject(new ListenFailure(message.code, message.message));
        this.kill();
      });
      const ended = (reason: unknown) => {
        clearTimeout(timer);
        reject(new Error(`the edge process ended before it listened: ${reason}`));
      };
      this.#child.once("exit", (code, signal) => ended(signal ?? `exit code ${code}`));
      this.#child.once("error", (error) => ended(error.message));
    });
  }

  #exited(reason: string): void {
    this.#loads.clear();
    for (const resolve of this.#asked.values()) resolve();
    this.#asked.clear();
    this.#tell(() => this.#options.onExit(reason));
  }
}
