import type { Logger } from "pino";
import { inBackground } from "../../background/inBackground.ts";
import type { Cell, CellSpec } from "../Cell.ts";
import { readPrivateBytes, WORKERD_BYTES } from "../process/readPrivateBytes.ts";
import type { LimitCode } from "./CellLimits.ts";
import type { Incident } from "./createIncidents.ts";
import {
  answeredCpuState,
  type CpuSample,
  type CpuState,
  firstCpuState,
  judgeCpu,
  MIB_MS,
} from "./judgeCpu.ts";
import { FIRST_MEMORY_STATE, judgeMemory, type MemorySample, type MemoryState } from "./judgeMemory.ts";
import { readMainThread } from "./readMainThread.ts";

/** What the watchdog needs of a cell, in whatever thread it is. */
export interface WatchedCell extends Pick<Cell, "id" | "limits" | "pid" | "socketPath" | "state" | "ping"> {
  readonly spec: Pick<CellSpec, "projectId" | "version" | "cid">;
  kill(limit: LimitCode): Promise<unknown>;
}

export interface WatchdogParts {
  readonly cells: () => readonly WatchedCell[];
  /** What a cell was given so far, what is under way, and what it may hold of that. */
  readonly load: (
    socketPath: string,
  ) => Omit<CpuSample, "atMs" | "cpuMs" | "waitedMs"> & Pick<MemorySample, "heaviestBytes">;
  /** Cuts off requests; resolves when that is done. */
  readonly cut: (socketPath: string, how: CutOrder) => Promise<void>;
  /** Has a fresh cell take a cell's place, which finishes its requests. */
  readonly replace: (projectId: bigint, socketPath: string) => void;
  readonly onIncident: (spec: WatchedCell["spec"], incident: Incident) => void;
  readonly logger: Pick<Logger, "error">;
}

/** Which requests of a cell are cut off, and why. */
export interface CutOrder {
  readonly limit: LimitCode;
  readonly choice:
    | { readonly by: "age"; readonly minAgeMs: number }
    | {
        readonly by: "use";
        readonly minAgeMs: number;
        readonly windowMs: number;
        readonly usedMs: number;
        readonly requestMs: number;
        readonly mibMs: number;
      }
    | { readonly by: "held"; readonly minBytes: number };
  /** The cell is ended next. */
  readonly isEnding: boolean;
}

export interface Watchdog {
  stop(): void;
}

const LOOK_MS = 100;
/** Cells that do nothing are looked at only in each tenth look. */
const IDLE_LOOKS = 10;
/** A cell that used less CPU time in a look does nothing. */
const IDLE_CPU_MS = 1;
/** An answer has so long; a healthy cell under full load takes 24 ms at most. */
const ANSWER_MS = 200;
/** It is looked for so often. */
const ANSWER_LOOK_MS = 25;
/** And so much CPU time: one that gets no core from a busy machine is not the one that hangs. */
const ANSWER_CPU_MS = 200;
/** The edge hears of a cut so late at most; whose request is that young at the question has used nothing yet. */
const WAY_MS = 100;
/** The edge has so long to tell visitors before their cell is gone: a memory hog takes more of the machine meanwhile. */
const CUT_MS: Readonly<Record<LimitCode, number>> = {
  CPU_LIMIT: 1_000,
  CPU_HANG: 1_000,
  WALL_LIMIT: 1_000,
  MEMORY_LIMIT: 200,
};
const MIB = 1_048_576;

interface Watched {
  readonly cell: WatchedCell;
  cpu: CpuState;
  memory: MemoryState;
  isIdle: boolean;
  isAsked: boolean;
  isKilled: boolean;
}

/**
 * Holds cells to their limits from outside, ten times a second: workerd has none of its own, and one that hangs hears no
 * signal but SIGKILL. What goes over a limit costs its own project.
 */
export function startWatchdog(parts: WatchdogParts): Watchdog {
  const { logger } = parts;
  const watched = new Map<string, Watched>();
  let looks = 0;

  function look(): void {
    looks += 1;
    const living = new Set<string>();
    for (const cell of parts.cells()) {
      if (cell.state() === "gone") continue;
      living.add(cell.id);
      const known = watched.get(cell.id);
      // One that cannot be looked at keeps no other from it.
      guarded(cell, "a cell could not be looked at", () => {
        if (known === undefined) begin(cell);
        else if (!known.isKilled && (!known.isIdle || isBusyAgain(cell) || looks % IDLE_LOOKS === 0))
          inspect(known);
      });
    }
    for (const id of watched.keys()) if (!living.has(id)) watched.delete(id);
  }

  function guarded({ id }: WatchedCell, failed: string, work: () => unknown): void {
    inBackground({ logger, failed, about: { cell: id } }, work);
  }

  function isBusyAgain({ socketPath }: WatchedCell): boolean {
    return parts.load(socketPath).inFlight > 0;
  }

  function sampleOf({ pid, socketPath }: WatchedCell) {
    const times = readMainThread(pid);
    return times && { atMs: performance.now(), ...times, ...parts.load(socketPath) };
  }

  function begin(cell: WatchedCell): void {
    const sample = sampleOf(cell);
    if (sample === undefined) return;
    watched.set(cell.id, {
      cell,
      cpu: firstCpuState(sample, cell.limits.cpuMs),
      memory: FIRST_MEMORY_STATE,
      isIdle: false,
      isAsked: false,
      isKilled: false,
    });
  }

  function inspect(one: Watched): void {
    const { cell, cpu } = one;
    const sample = sampleOf(cell);
    if (sample === undefined) return;
    const { state, verdict } = judgeCpu(cpu, sample, cell.limits.cpuMs);
    one.cpu = state;
    one.isIdle = sample.inFlight === 0 && sample.cpuMs - cpu.last.cpuMs < IDLE_CPU_MS;
    // Before a visitor is told that its request was cut off: the next one shall not be taken for one who hangs.
    if (verdict.kind !== "fine") ask(one);
    if (verdict.kind === "cut") {
      const { usedMs, allowedMs, spellMs, windowMs, minAgeMs } = verdict;
      const { cpuMs } = cell.limits;
      tell(
        one,
        "CPU_LIMIT",
        `requests used ${usedMs} ms of CPU time within ${spellMs} ms; together they might use ${allowedMs} ms, one may use ${cpuMs} ms`,
      );
      const choice = { by: "use", minAgeMs, windowMs, usedMs, requestMs: cpuMs, mibMs: MIB_MS } as const;
      cut(one, { limit: "CPU_LIMIT", choice, isEnding: false });
    }
    if (!one.isIdle) weigh(one, sample);
  }

  function cut({ cell }: Watched, order: CutOrder): void {
    guarded(cell, "requests could not be cut", () => parts.cut(cell.socketPath, order));
  }

  /** Whether it hangs shows by asking the process itself: code that never yields leaves it without an answer. */
  function ask(one: Watched): void {
    if (one.isAsked) return;
    one.isAsked = true;
    const { cell } = one;
    const fromCpuMs = one.cpu.last.cpuMs;
    const askedMs = performance.now();
    const gone = new AbortController();
    let isAnswered = false;
    cell.ping({ signal: gone.signal }).then(
      () => {
        isAnswered = true;
        one.cpu = answeredCpuState(one.cpu);
        finish();
      },
      () => {},
    );
    const deadline = setInterval(() => {
      if (isAnswered || cell.state() === "gone") return finish();
      const waitedMs = performance.now() - askedMs;
      const usedMs = (readMainThread(cell.pid)?.cpuMs ?? fromCpuMs) - fromCpuMs;
      if (waitedMs < ANSWER_MS || usedMs < ANSWER_CPU_MS) return;
      finish();
      const { busy } = one.cpu;
      const busyMs = Math.round(fromCpuMs + usedMs - (busy?.fromCpuMs ?? fromCpuMs));
      // What came after the question it has not read: the next cell answers that.
      const text = `it used ${busyMs} ms of CPU time on end and does not answer`;
      end(one, "CPU_HANG", { text, minAgeMs: Math.floor(waitedMs) + WAY_MS });
    }, ANSWER_LOOK_MS);
    const finish = () => {
      clearInterval(deadline);
      one.isAsked = false;
      gone.abort(new Error("no longer asked"));
    };
  }

  function weigh(one: Watched, { heaviestBytes }: Pick<MemorySample, "heaviestBytes">): void {
    const { cell } = one;
    const usedBytes = readPrivateBytes(cell.pid) - WORKERD_BYTES;
    const { state, verdict } = judgeMemory(one.memory, { usedBytes, heaviestBytes }, cell.limits);
    one.memory = state;
    const mib = (bytes: number) => Math.ceil(bytes / MIB);
    const text = `it uses ${mib(usedBytes)} MiB of memory; it may use ${mib(cell.limits.memoryBytes)} MiB`;
    if (verdict.isKilled) {
      end(one, "MEMORY_LIMIT", { text, minAgeMs: 0 });
      return;
    }
    const { cutFromBytes, isReplaced } = verdict;
    if (isReplaced) {
      tell(one, "MEMORY_LIMIT", `${text}: a fresh one takes its place`);
      parts.replace(cell.spec.projectId, cell.socketPath);
    }
    if (cutFromBytes !== undefined) {
      tell(
        one,
        "MEMORY_LIMIT",
        `${text}: requests with bodies of ${Math.floor(cutFromBytes / MIB)} MiB or more are cut off`,
      );
      const choice = { by: "held", minBytes: cutFromBytes } as const;
      cut(one, { limit: "MEMORY_LIMIT", choice, isEnding: false });
    }
  }

  function end(one: Watched, limit: LimitCode, how: { text: string; minAgeMs: number }): void {
    if (one.isKilled) return;
    one.isKilled = true;
    guarded(one.cell, "a cell's end could not be told", () => kill(one, limit, how));
  }

  /** Its visitors are told first: their requests must not be tried again on the next cell. */
  async function kill(
    one: Watched,
    limit: LimitCode,
    { text, minAgeMs }: { text: string; minAgeMs: number },
  ): Promise<void> {
    const { cell } = one;
    try {
      tell(one, limit, `${text}: it is killed`);
      const choice = { by: "age", minAgeMs } as const;
      const told = parts.cut(cell.socketPath, { limit, choice, isEnding: true });
      // A memory hog does not wait: what it allocates meanwhile is the machine's.
      await Promise.race([told, new Promise((resolve) => setTimeout(resolve, CUT_MS[limit]))]);
    } finally {
      // Whoever could not be told.
      await cell.kill(limit);
    }
  }

  function tell({ cell }: Watched, code: LimitCode, message: string): void {
    parts.onIncident(cell.spec, { code, message });
  }

  const timer = setInterval(look, LOOK_MS).unref();
  return { stop: () => clearInterval(timer) };
}
