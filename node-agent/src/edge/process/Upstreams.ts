import { Pool } from "undici";
import type { LoadRow } from "../Load.ts";
import { connectUnix } from "./connectUnix.ts";
import { LIMITS } from "./limits.ts";

/** A request at an upstream. */
export interface Occupant {
  /** When it began, by `performance.now()`. */
  readonly sinceMs: number;
  readonly isWebSocket: boolean;
}

/** What listens on one unix socket, and the connections to it. */
export interface Upstream {
  readonly socketPath: string;
  /** Absent for the agent itself. */
  readonly projectId: string | undefined;
  readonly pool: Pool;
}

interface Entry<occupant> extends Upstream {
  readonly occupants: Set<occupant>;
  started: number;
  /** What `load` told last. */
  told: { started: number; inFlight: number };
  readonly whenIdle: (() => void)[];
}

/** The upstreams of this process. A retired one takes no further request, even when its path is used again. */
export class Upstreams<occupant extends Occupant> {
  readonly #concurrent: number;
  readonly #current = new Map<string, Entry<occupant>>();
  readonly #retiring = new Set<Entry<occupant>>();

  /** @param concurrent - requests of one upstream at once: bounds sockets and memory when a cell hangs. */
  constructor({ concurrent }: { readonly concurrent: number }) {
    this.#concurrent = concurrent;
  }

  /**
   * Takes a place for one request; `release` gives it back.
   *
   * @returns undefined where the upstream has as many as it may.
   */
  acquire(socketPath: string, projectId: string | undefined, occupant: occupant): Upstream | undefined {
    let entry = this.#current.get(socketPath);
    if (entry === undefined) {
      entry = {
        ...{ socketPath, projectId, pool: createPool(socketPath), occupants: new Set(), started: 0 },
        ...{ told: { started: 0, inFlight: 0 }, whenIdle: [] },
      };
      this.#current.set(socketPath, entry);
    }
    if (entry.occupants.size >= this.#concurrent) return undefined;
    entry.occupants.add(occupant);
    entry.started += 1;
    return entry;
  }

  release(upstream: Upstream, occupant: occupant): void {
    const entry = upstream as Entry<occupant>;
    entry.occupants.delete(occupant);
    if (entry.occupants.size === 0 && this.#retiring.has(entry)) this.#end(entry);
  }

  /** Closes idle connections at once; resolves when nothing is in flight there any more. */
  async retire(socketPath: string): Promise<void> {
    const entry = this.#current.get(socketPath);
    if (entry !== undefined) {
      this.#current.delete(socketPath);
      this.#retiring.add(entry);
      if (entry.occupants.size === 0) this.#end(entry);
      else entry.pool.close().catch(() => undefined); // it is destroyed when it is idle
    }
    const busy = [...this.#retiring].filter((other) => other.socketPath === socketPath);
    await Promise.all(busy.map((other) => new Promise<void>((resolve) => other.whenIdle.push(resolve))));
  }

  /** Tenants' upstreams whose load is another than at the last call. */
  changedLoad(): LoadRow[] {
    const rows: LoadRow[] = [];
    for (const entry of this.#tenants()) {
      const { socketPath, started, told, occupants } = entry;
      const inFlight = occupants.size;
      if (told.started === started && told.inFlight === inFlight) continue;
      entry.told = { started, inFlight };
      rows.push({ socketPath, ...entry.told });
    }
    return rows;
  }

  /** What is under way at tenants' upstreams, or at one of them, and began before a moment. */
  since(beforeMs: number, socketPath?: string): occupant[] {
    return this.#tenants()
      .filter((entry) => socketPath === undefined || entry.socketPath === socketPath)
      .flatMap(({ occupants }) => [...occupants])
      .filter(({ sinceMs }) => sinceMs <= beforeMs);
  }

  #tenants(): Entry<occupant>[] {
    return [...this.#current.values(), ...this.#retiring].filter(({ projectId }) => projectId !== undefined);
  }

  #end(entry: Entry<occupant>): void {
    // The last request's socket is given back in this very tick; destroying it now would be an error of that request.
    setImmediate(() => {
      const end = () => {
        this.#retiring.delete(entry);
        for (const resolve of entry.whenIdle) resolve();
      };
      entry.pool.destroy().then(end, end);
    });
  }
}

function createPool(socketPath: string): Pool {
  return new Pool("http://upstream", {
    connect: connectUnix(socketPath),
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: LIMITS.upstreamIdleMs,
    keepAliveMaxTimeout: LIMITS.upstreamIdleMs,
    headersTimeout: LIMITS.responseHeadMs,
    // A body may be an event stream that says nothing for hours; the visitor's end of it ends it.
    bodyTimeout: 0,
    maxHeaderSize: LIMITS.responseHeadBytes,
  });
}
