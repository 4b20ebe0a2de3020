import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type ProcessIdentity, signalProcess } from "../process/processIdentity.ts";
import type { Cell, CellEnd, CellSpec } from "./Cell.ts";
import type { CellGroup } from "./cgroup/Cgroups.ts";
import { type Life, type LifeEvent, nextLife } from "./life.ts";
import type { CellElsewhere } from "./limits/CellElsewhere.ts";
import type { CellLimits, LimitCode } from "./limits/CellLimits.ts";
import { EndMark } from "./limits/EndMark.ts";
import { readTail } from "./logs/readTail.ts";
import type { CellProcess } from "./process/CellProcess.ts";
import { startCpuClock } from "./process/cpuClock.ts";
import type { Exit } from "./process/launch.ts";
import { ping } from "./process/ping.ts";
import { readPrivateBytes } from "./process/readPrivateBytes.ts";
import { readRssBytes } from "./process/readRssBytes.ts";
import { CONTROL_SOCKET, type cellPaths, TENANT_SOCKET } from "./records/cellDirectories.ts";

/** Of a cell's output, how much is told at its end. */
export const LOG_TAIL_BYTES = 8 * 1024;

/** The process of a cell that does not serve yet. */
export interface CellInMaking {
  readonly id: string;
  readonly paths: ReturnType<typeof cellPaths>;
  readonly group: CellGroup;
  readonly process: CellProcess;
}

export interface RunningCellOptions {
  readonly id: string;
  readonly spec: CellSpec;
  readonly limits: CellLimits;
  readonly paths: ReturnType<typeof cellPaths>;
  readonly identity: ProcessIdentity;
  readonly group: CellGroup;
  /** When no process of the cell is left. */
  readonly exit: Promise<Exit>;
}

/** A cell that is ready. Its directory goes when its process does. */
export class RunningCell implements Cell {
  readonly id: string;
  readonly spec: CellSpec;
  readonly limits: CellLimits;
  readonly socketPath: string;
  readonly logPath: string;
  readonly pid: number;
  readonly gone: Promise<CellEnd>;
  readonly cpuMs: () => number;
  readonly #identity: ProcessIdentity;
  readonly #controlPath: string;
  readonly #deadlines = new Set<NodeJS.Timeout>();
  #life: Life = "warm";
  readonly #mark = new EndMark();

  constructor({ id, spec, limits, paths, identity, group, exit }: RunningCellOptions) {
    this.id = id;
    this.spec = spec;
    this.limits = limits;
    this.socketPath = join(paths.sockets, TENANT_SOCKET);
    this.logPath = paths.log;
    this.pid = identity.pid;
    const clock = startCpuClock(identity);
    this.cpuMs = () => Math.max(clock(), this.#mark.cpuMs);
    this.#identity = identity;
    this.#controlPath = join(paths.sockets, CONTROL_SOCKET);
    this.gone = exit.then((how) => this.#end(how, paths.home, group));
  }

  state(): Life {
    return this.#life;
  }

  rssBytes(): number {
    return this.#life === "gone" ? 0 : readRssBytes(this.pid);
  }

  privateBytes(): number {
    return this.#life === "gone" ? 0 : readPrivateBytes(this.pid);
  }

  ping(options: { signal: AbortSignal }): Promise<void> {
    return ping(this.#controlPath, options);
  }

  stop({ graceMs }: { graceMs: number }): Promise<CellEnd> {
    if (this.#advance("retire")) {
      // Its last figures: the process may be gone before anyone asks again.
      this.cpuMs();
      signalProcess(this.#identity, "SIGTERM");
    }
    if (this.#life === "draining") {
      this.#deadlines.add(setTimeout(() => signalProcess(this.#identity, "SIGKILL"), graceMs));
    }
    return this.gone;
  }

  elsewhere(): CellElsewhere {
    const { projectId, version, cid } = this.spec;
    return {
      id: this.id,
      spec: { projectId, version, cid },
      limits: this.limits,
      identity: this.#identity,
      socketPath: this.socketPath,
      controlPath: this.#controlPath,
      mark: this.#mark.buffer,
    };
  }

  kill(limit: LimitCode): Promise<CellEnd> {
    if (this.#life !== "gone") {
      this.#mark.note(limit, this.cpuMs());
      signalProcess(this.#identity, "SIGKILL");
    }
    return this.gone;
  }

  /** Whether the event meant something to it. */
  #advance(event: LifeEvent): boolean {
    const next = nextLife(this.#life, event);
    if (next !== undefined) this.#life = next;
    return next !== undefined;
  }

  async #end({ code, signal }: Exit, home: string, group: CellGroup): Promise<CellEnd> {
    const outOfMemory = group.oomKills() > 0;
    const limit = this.#mark.limit ?? (outOfMemory ? "MEMORY_LIMIT" : undefined);
    const unasked = limit === undefined ? "crashed" : "killed";
    const reason = this.#life === "draining" ? "stopped" : unasked;
    this.#advance("end");
    for (const deadline of this.#deadlines) clearTimeout(deadline);
    const log = await readTail(this.logPath, LOG_TAIL_BYTES).catch(() => "");
    await Promise.all([rm(home, { recursive: true, force: true }).catch(() => undefined), group.remove()]);
    return { reason, limit, code, signal, log, outOfMemory };
  }
}
