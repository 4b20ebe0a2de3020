import { Pool } from "undici";
import type { InFlightRow } from "../CountReport.ts";
import { connectUnix } from "./connectUnix.ts";
import { LIMITS } from "./limits.ts";

/** What listens on one unix socket, and the connections to it. */
export interface Upstream {
  readonly socketPath: string;
  /** Absent for the agent itself. */
  readonly projectId: string | undefined;
  readonly pool: Pool;
}

interface Entry extends Upstream {
  inFlight: number;
  readonly whenIdle: (() => void)[];
}

/** The upstreams of this process. A retired one takes no further request, even when its path is used again. */
export class Upstreams {
  readonly #current = new Map<string, Entry>();
  readonly #retiring = new Set<Entry>();

  /**
   * Takes a place for one request; `release` gives it back.
   *
   * @returns undefined where the upstream has as many as it may.
   */
  acquire(socketPath: string, projectId: string | undefined): Upstream | undefined {
    let entry = this.#current.get(socketPath);
    if (entry === undefined) {
      entry = { socketPath, projectId, pool: createPool(socketPath), inFlight: 0, whenIdle: [] };
      this.#current.set(socketPath, entry);
    }
    if (entry.inFlight >= LIMITS.inFlightPerUpstream) return undefined;
    entry.inFlight += 1;
    return entry;
  }

  release(upstream: Upstream): void {
    const entry = upstream as Entry;
    entry.inFlight -= 1;
    if (entry.inFlight === 0 && this.#retiring.has(entry)) this.#end(entry);
  }

  /** Closes idle connections at once; resolves when nothing is in flight there any more. */
  async retire(socketPath: string): Promise<void> {
    const entry = this.#current.get(socketPath);
    if (entry !== undefined) {
      this.#current.delete(socketPath);
      this.#retiring.add(entry);
      if (entry.inFlight === 0) this.#end(entry);
      else void entry.pool.close();
    }
    const busy = [...this.#retiring].filter((other) => other.socketPath === socketPath);
    await Promise.all(busy.map((other) => new Promise<void>((resolve) => other.whenIdle.push(resolve))));
  }

  /** Tenants' upstreams that are busy now. */
  inFlight(): InFlightRow[] {
    const rows: InFlightRow[] = [];
    for (const entry of [...this.#current.values(), ...this.#retiring]) {
      const { projectId, socketPath, inFlight: requests } = entry;
      if (projectId !== undefined && requests > 0) rows.push({ projectId, socketPath, requests });
    }
    return rows;
  }

  #end(entry: Entry): void {
    // The last request's socket is given back in this very tick; destroying it now would be an error of that request.
    setImmediate(() => {
      void entry.pool.destroy().then(() => {
        this.#retiring.delete(entry);
        for (const resolve of entry.whenIdle) resolve();
      });
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
