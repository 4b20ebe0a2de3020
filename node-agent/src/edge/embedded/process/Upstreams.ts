import { Pool } from "undici";
import type { CutRequest, Load } from "../../Load.ts";
import type { Refusal } from "../../Refusal.ts";
import type { LoadRow } from "../messages.ts";
import type { Passed } from "./chooseTarget.ts";
import { connectOrigin } from "./connectOrigin.ts";
import { connectUnix } from "./connectUnix.ts";
import { LIMITS } from "./limits.ts";

/** A request at an upstream. */
export interface Occupant {
  /** When it began, by `performance.now()`. */
  readonly sinceMs: number;
  readonly isWebSocket: boolean;
  /**
   * Ends it although visitor and upstream would go on.
   *
   * @returns undefined where there is nothing to cut any more.
   */
  cut(refusal: Refusal): CutRequest | undefined;
}

/** What requests are passed on to, and the connections to it. */
export interface Upstream {
  readonly kind: Passed["kind"];
  /** A unix socket's path, or another node's origin: one for all projects that lead there. */
  readonly address: string;
  readonly pool: Pool;
}

interface Entry extends Upstream {
  readonly occupants: Set<Occupant>;
  started: number;
  /** What `load` told last. */
  told: Load;
  readonly whenIdle: (() => void)[];
}

/** The upstreams of this process. A retired one takes no further request, even when its path is used again. */
export class Upstreams {
  readonly #concurrent: number;
  readonly #current = new Map<string, Entry>();
  readonly #retiring = new Set<Entry>();

  /** @param concurrent - requests of one upstream at once: bounds sockets and memory when a cell hangs. */
  constructor({ concurrent }: { readonly concurrent: number }) {
    this.#concurrent = concurrent;
  }

  /**
   * Takes a place for one request; `release` gives it back.
   *
   * @returns undefined where the upstream has as many as it may.
   */
  acquire({ kind, upstream: address }: Passed, occupant: Occupant): Upstream | undefined {
    let entry = this.#current.get(address);
    if (entry === undefined) {
      entry = {
        kind,
        address,
        pool: createPool(kind, address),
        occupants: new Set(),
        started: 0,
        told: { started: 0, inFlight: 0 },
        whenIdle: [],
      };
      this.#current.set(address, entry);
    }
    if (entry.occupants.size >= this.#concurrent) return undefined;
    entry.occupants.add(occupant);
    entry.started += 1;
    return entry;
  }

  release(upstream: Upstream, occupant: Occupant): void {
    const entry = upstream as Entry;
    entry.occupants.delete(occupant);
    if (entry.occupants.size === 0 && this.#retiring.has(entry)) this.#end(entry);
  }

  /** Closes idle connections at once; resolves when nothing is in flight there any more. */
  async retire(address: string): Promise<void> {
    const entry = this.#current.get(address);
    if (entry !== undefined) {
      this.#current.delete(address);
      this.#retiring.add(entry);
      if (entry.occupants.size === 0) this.#end(entry);
      else entry.pool.close().catch(() => undefined); // it is destroyed when it is idle
    }
    const busy = [...this.#retiring].filter((other) => other.address === address);
    await Promise.all(busy.map((other) => new Promise<void>((resolve) => other.whenIdle.push(resolve))));
  }

  /** Cells whose load is another than at the last call. */
  changedLoad(): LoadRow[] {
    const rows: LoadRow[] = [];
    for (const entry of this.#tenants()) {
      const { kind, address, started, told, occupants } = entry;
      if (kind !== "cell") continue;
      const inFlight = occupants.size;
      if (told.started === started && told.inFlight === inFlight) continue;
      entry.told = { started, inFlight };
      rows.push({ socketPath: address, ...entry.told });
    }
    return rows;
  }

  /** What is under way at tenants' upstreams, or at one of them, and began before a moment. */
  since(beforeMs: number, address?: string): Occupant[] {
    return this.#tenants()
      .filter((entry) => address === undefined || entry.address === address)
      .flatMap(({ occupants }) => [...occupants])
      .filter(({ sinceMs }) => sinceMs <= beforeMs);
  }

  #tenants(): Entry[] {
    return [...this.#current.values(), ...this.#retiring].filter(({ kind }) => kind !== "agent");
  }

  #end(entry: Entry): void {
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

function createPool(kind: Upstream["kind"], address: string): Pool {
  const isRemote = kind === "remote";
  return new Pool(isRemote ? address : "http://upstream", {
    connect: isRemote ? connectOrigin() : connectUnix(address),
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
