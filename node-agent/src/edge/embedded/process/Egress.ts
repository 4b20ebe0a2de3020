import type { Socket } from "node:net";
import { HeldEnds } from "./HeldEnds.ts";
import { endsKey, type Listed } from "./sendQueues.ts";

/** What of a connection's bytes is charged before the visitor's machine acknowledged it. */
export const AHEAD_BYTES = 256 * 1024;
/** How long a closed connection is looked after that the kernel still sends on. */
const ORPHAN_MS = 60_000;
/** Looks take at most a tenth of the time, but for those that come at fixed intervals. */
const LOOK_SHARE = 0.1;

export interface EgressOptions {
  readonly charge: (projectId: string, bytes: number) => void;
  /** As the functions of `sendQueues.ts`. */
  readonly readQueues: <T extends Listed>(all: Iterable<T>) => Map<T, number>;
  readonly readQueuesAside: <T extends Listed>(all: Iterable<T>) => Promise<Map<T, number>>;
  readonly nowMs?: () => number;
}

/** As far as it is looked at. */
export type VisitorSocket = Pick<
  Socket,
  | "bytesWritten"
  | "writableLength"
  | "writableFinished"
  | "destroyed"
  | "once"
  | "readableEnded"
  | "_final"
  | "localAddress"
  | "localPort"
  | "remoteAddress"
  | "remotePort"
>;

interface Connection extends Listed {
  readonly socket: VisitorSocket;
  /** What was handed over and is not charged, in its order. */
  readonly open: { readonly projectId: string; bytes: number }[];
  openBytes: number;
  chargedBytes: number;
  /** All that the kernel took and the visitor acknowledged, as last seen: heads and framing, too. */
  takenBytes: number;
  isClosed: boolean;
  closedMs: number;
  /** What the kernel was given, as last seen. */
  givenBytes: number;
}

/**
 * Charges what visitors take. A process that writes knows only what the kernel took, which holds megabytes for a visitor
 * who takes none of them. So of each connection at most `AHEAD_BYTES` more is charged than its visitor acknowledged by
 * TCP; the rest when the kernel says that it was. What was not when a connection breaks is not charged.
 */
export class Egress {
  readonly #options: Required<EgressOptions>;
  readonly #connections = new Map<VisitorSocket, Connection>();
  readonly #orphans = new Set<Connection>();
  #lookedMs = Number.NEGATIVE_INFINITY;
  #lookTookMs = 0;
  #isLooking = false;
  readonly #ends = new HeldEnds();
  #lookAsideTookMs = 0;
  #nextLook: NodeJS.Timeout | undefined;

  constructor(options: EgressOptions) {
    this.#options = { nowMs: () => performance.now(), ...options };
  }

  /** So many bytes of a project's response go to a visitor. */
  add(socket: VisitorSocket, projectId: string, bytes: number): void {
    const connection = this.#connections.get(socket) ?? this.#open(socket);
    if (connection === undefined) return;
    const last = connection.open.at(-1);
    if (last?.projectId === projectId) last.bytes += bytes;
    else connection.open.push({ projectId, bytes });
    connection.openBytes += bytes;
    this.#charge(connection);
  }

  /** Looks at the connections of which something is not charged. */
  look(): void {
    const given = this.#given();
    if (given.size === 0) return;
    const fromMs = this.#options.nowMs();
    let queues: ReadonlyMap<Connection, number> | undefined;
    try {
      queues = this.#options.readQueues(given.keys());
    } catch {
      // A machine that does not say.
    }
    this.#see(given, queues, fromMs);
    this.#lookedMs = this.#options.nowMs();
    this.#lookTookMs = this.#lookedMs - fromMs;
  }

  /** As `look`, while this process goes on; does nothing while the one before is not through. */
  async lookAside(): Promise<void> {
    if (this.#isLooking) return;
    const { waiting } = this.#ends;
    const given = this.#given();
    if (given.size > 0) {
      const fromMs = this.#options.nowMs();
      this.#isLooking = true;
      const queues = await this.#options.readQueuesAside(given.keys()).catch(() => undefined);
      this.#isLooking = false;
      this.#lookAsideTookMs = this.#options.nowMs() - fromMs;
      this.#see(given, queues, fromMs);
    }
    this.#ends.release(waiting);
    this.#lookForEnds();
  }

  /** One look is for all ends that wait: a look for each would hold up everything. */
  #lookForEnds(): void {
    if (this.#isLooking || this.#nextLook !== undefined || this.#ends.waiting.length === 0) return;
    this.#nextLook = setTimeout(() => {
      this.#nextLook = undefined;
      void this.lookAside();
    }, this.#lookAsideTookMs / LOOK_SHARE);
  }

  /**
   * The connections to look at, with what the kernel was given of each until now: what it is given while it is asked may
   * be in its queue already, and then counts at the next look.
   */
  #given(): ReadonlyMap<Connection, number> {
    const given = new Map<Connection, number>();
    for (const connection of [...this.#connections.values(), ...this.#orphans]) {
      const { socket, isClosed, openBytes } = connection;
      if (openBytes === 0) continue;
      // What is being written counts when all of it is.
      if (!isClosed) connection.givenBytes = socket.bytesWritten - socket.writableLength;
      given.set(connection, connection.givenBytes);
    }
    return given;
  }

  /** @param queues - undefined: what the kernel took is all that is known. */
  #see(
    given: ReadonlyMap<Connection, number>,
    queues: ReadonlyMap<Connection, number> | undefined,
    fromMs: number,
  ): void {
    for (const [connection, givenBytes] of given) {
      const queue = queues === undefined ? 0 : queues.get(connection);
      if (queue === undefined) {
        // What was closed and is gone was acknowledged to its end or reset; the look before tells how much it was.
        if (connection.isClosed && connection.closedMs < fromMs) this.#orphans.delete(connection);
        continue;
      }
      connection.takenBytes = Math.max(connection.takenBytes, givenBytes - queue);
      this.#charge(connection);
    }
    for (const orphan of this.#orphans)
      if (orphan.openBytes === 0 || fromMs - orphan.closedMs > ORPHAN_MS) this.#orphans.delete(orphan);
  }

  #open(socket: VisitorSocket): Connection | undefined {
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    if (
      socket.destroyed ||
      localAddress === undefined ||
      localPort === undefined ||
      remoteAddress === undefined ||
      remotePort === undefined
    )
      return undefined;
    const connection: Connection = {
      socket,
      key: endsKey({ localAddress, localPort, remoteAddress, remotePort }),
      open: [],
      openBytes: 0,
      chargedBytes: 0,
      takenBytes: 0,
      isClosed: false,
      closedMs: 0,
      givenBytes: 0,
    };
    this.#connections.set(socket, connection);
    this.#ends.hold(socket, {
      isOfUse: () => socket.readableEnded && connection.openBytes > 0,
      onHeld: () => this.#lookForEnds(),
    });
    socket.once("close", () => {
      connection.isClosed = true;
      connection.closedMs = this.#options.nowMs();
      // Of one that broke nobody knows how much of the last piece the kernel took.
      if (socket.writableFinished) connection.givenBytes = socket.bytesWritten;
      this.#connections.delete(socket);
      if (connection.openBytes === 0) return;
      this.#orphans.add(connection);
      this.#lookSoon(connection);
    });
    return connection;
  }

  /** Where that would hold up all others, the node loses what this look would have found. */
  #lookSoon({ openBytes }: Connection): void {
    const restedMs = this.#options.nowMs() - this.#lookedMs;
    if (openBytes > 0 && restedMs >= this.#lookTookMs / LOOK_SHARE) this.look();
  }

  #charge(connection: Connection): void {
    const { open, takenBytes } = connection;
    let may = takenBytes + AHEAD_BYTES - connection.chargedBytes;
    for (let first = open[0]; first !== undefined && may > 0; first = open[0]) {
      const bytes = Math.min(first.bytes, may);
      this.#options.charge(first.projectId, bytes);
      first.bytes -= bytes;
      may -= bytes;
      connection.openBytes -= bytes;
      connection.chargedBytes += bytes;
      if (first.bytes === 0) open.shift();
    }
  }
}
