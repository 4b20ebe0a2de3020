import { Pool } from "undici";
import type { Suspect } from "../../common/chooseCut.ts";
import type { Carried, Traffic } from "../../common/Traffic.ts";
import { type CutRequest, type Load, NO_LOAD } from "../../Load.ts";
import type { Refusal } from "../../Refusal.ts";
import type { Visitor } from "../../Visitor.ts";
import type { LoadRow } from "../messages.ts";
import { type ClientLimits, ClientPlaces } from "./ClientPlaces.ts";
import type { Passed } from "./chooseTarget.ts";
import { connectOrigin } from "./connectOrigin.ts";
import { connectUnix } from "./connectUnix.ts";
import { LIMITS } from "./limits.ts";

/** A request at an upstream. */
export interface Occupant extends Suspect {
  /** When it began, by `performance.now()`. */
  readonly sinceMs: number;
  readonly traffic: Traffic;
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
  /** What visitors are told where the agent ended it, as it does with a cell that hangs. */
  readonly endedBy: Refusal | undefined;
}

interface Entry extends Upstream {
  /** With what gives back its visitor's place. */
  readonly occupants: Map<Occupant, () => void>;
  /** Those begun that carried something since the last look. */
  readonly moving: Set<Occupant>;
  endedBy: Refusal | undefined;
  readonly now: { -readonly [field in keyof Load]: Load[field] };
  /** What `changedLoad` told last. */
  told: Load;
  readonly whenIdle: (() => void)[];
}

/** What holds for requests to one upstream. */
export interface UpstreamLimits extends ClientLimits {
  /** Requests at once: bounds sockets and memory when a cell hangs. */
  readonly concurrent: number;
}

/** The upstreams of this process. A retired one takes no further request, even when its path is used again. */
export class Upstreams {
  readonly #concurrent: number;
  readonly #places: ClientPlaces;
  readonly #current = new Map<string, Entry>();
  readonly #retiring = new Set<Entry>();

  constructor(limits: UpstreamLimits) {
    this.#concurrent = limits.concurrent;
    this.#places = new ClientPlaces(limits);
  }

  /**
   * Takes a place for one request; `release` gives it back.
   *
   * @returns Why there is none, where the visitor or the upstream has as many as they may.
   */
  acquire(passed: Passed, occupant: Occupant, visitor: Visitor): Upstream | Refusal {
    const entry = this.#entryOf(passed);
    if (entry.occupants.size >= this.#concurrent) return OVERLOADED;
    const { tenant } = passed;
    const leave = tenant === undefined ? () => {} : this.#places.take(tenant.projectId, visitor);
    if (typeof leave !== "function") return leave;
    entry.occupants.set(occupant, leave);
    entry.now.started += 1;
    return entry;
  }

  release(upstream: Upstream, occupant: Occupant): void {
    const entry = upstream as Entry;
    entry.occupants.get(occupant)?.();
    entry.occupants.delete(occupant);
    if (entry.occupants.size === 0 && this.#retiring.has(entry)) this.#close(entry);
  }

  /** Notes what went to and fro for a request. */
  carry(upstream: Upstream, occupant: Occupant, carried: Partial<Carried>): void {
    const entry = upstream as Entry;
    const { messages = 0, givenBytes = 0, takenBytes = 0 } = carried;
    occupant.traffic.add(carried, performance.now());
    // Of others nobody asks for the load, which empties it.
    if (entry.kind === "cell" && !occupant.isPending) entry.moving.add(occupant);
    entry.now.messages += messages;
    entry.now.carriedBytes += givenBytes + takenBytes;
  }

  /** The agent ends a cell: whose request fails there from now on is told why. */
  end(address: string, endedBy: Refusal): void {
    for (const entry of [...this.#current.values(), ...this.#retiring])
      if (entry.address === address) entry.endedBy = endedBy;
  }

  /** Closes idle connections at once; resolves when nothing is in flight there any more. */
  async retire(address: string): Promise<void> {
    const entry = this.#current.get(address);
    if (entry !== undefined) {
      this.#current.delete(address);
      this.#retiring.add(entry);
      if (entry.occupants.size === 0) this.#close(entry);
      else entry.pool.close().catch(() => undefined); // it is destroyed when it is idle
    }
    const busy = [...this.#retiring].filter((other) => other.address === address);
    await Promise.all(busy.map((other) => new Promise<void>((resolve) => other.whenIdle.push(resolve))));
  }

  /** Cells whose load is another than at the last call. */
  changedLoad(): LoadRow[] {
    const rows: LoadRow[] = [];
    for (const entry of this.#tenants()) {
      const { kind, address, told, occupants, moving, now } = entry;
      if (kind !== "cell") continue;
      now.inFlight = occupants.size;
      now.moments += moving.size;
      moving.clear();
      now.heaviestBytes = 0;
      for (const { traffic } of occupants.keys())
        now.heaviestBytes = Math.max(now.heaviestBytes, traffic.heldBytes);
      if (isSame(now, told)) continue;
      entry.told = { ...now };
      rows.push({ socketPath: address, ...entry.told });
    }
    return rows;
  }

  /** What `changedLoad` told last, of all cells. */
  toldLoad(): LoadRow[] {
    return this.#tenants()
      .filter(({ kind }) => kind === "cell")
      .map(({ address, told }) => ({ socketPath: address, ...told }));
  }

  /** What is under way at tenants' upstreams, or at one of them. */
  underWay(address?: string): Occupant[] {
    return this.#tenants()
      .filter((entry) => address === undefined || entry.address === address)
      .flatMap(({ occupants }) => [...occupants.keys()]);
  }

  #entryOf({ kind, upstream: address }: Passed): Entry {
    const known = this.#current.get(address);
    if (known !== undefined) return known;
    const entry: Entry = {
      kind,
      address,
      pool: createPool(kind, address),
      occupants: new Map(),
      moving: new Set(),
      endedBy: undefined,
      now: { ...NO_LOAD },
      told: NO_LOAD,
      whenIdle: [],
    };
    this.#current.set(address, entry);
    return entry;
  }

  #tenants(): Entry[] {
    return [...this.#current.values(), ...this.#retiring].filter(({ kind }) => kind !== "agent");
  }

  #close(entry: Entry): void {
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

const OVERLOADED: Refusal = {
  status: 503,
  code: "OVERLOADED",
  message: "too many requests are in flight",
  retryAfterSeconds: 1,
};

function isSame(a: Load, b: Load): boolean {
  return (Object.keys(NO_LOAD) as (keyof Load)[]).every((key) => a[key] === b[key]);
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
