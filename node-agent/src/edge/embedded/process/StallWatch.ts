import type { Socket } from "node:net";
import { endsKey, type Listed, readSendQueues } from "./sendQueues.ts";

const LOOKS = 6;

/** What was seen of a visitor for whom something waits. */
interface Waiting {
  /** Bytes that the kernel has taken since the connection began. */
  handed: number;
  /** Bytes that the kernel has not got acknowledged; undefined until somebody asked. */
  queued: number | undefined;
  /** When the visitor had last taken something, as far as is known. */
  sinceMs: number;
}

interface Suspect extends Listed {
  readonly socket: Socket;
  readonly waiting: Waiting;
}

export interface StallWatchOptions {
  readonly sockets: () => Iterable<Socket>;
  readonly stalledMs: number;
  readonly readQueues?: typeof readSendQueues<Suspect>;
}

/**
 * Cuts off visitors who take nothing of what waits for them: it takes memory, and its upstream is held up. One to whom
 * there is nothing to say is left alone, and so is one who takes little. The kernel's own buffers hold megabytes, behind
 * which a slow visitor takes for minutes before this process gets rid of another byte; so the kernel is asked, too.
 */
export class StallWatch {
  readonly #options: Required<StallWatchOptions>;
  readonly #waiting = new Map<Socket, Waiting>();

  constructor(options: StallWatchOptions) {
    this.#options = { readQueues: readSendQueues, ...options };
  }

  /** How often it has to look. */
  get lookMs(): number {
    return this.#options.stalledMs / LOOKS;
  }

  /** Looks at all connections. @param nowMs - by any steady clock. */
  look(nowMs: number): void {
    const seen = new Set<Socket>();
    const suspects: Suspect[] = [];
    for (const socket of this.#options.sockets()) {
      if (socket.destroyed || socket.writableLength === 0) continue;
      seen.add(socket);
      const handed = socket.bytesWritten - socket.writableLength;
      const waiting = this.#waiting.get(socket);
      if (waiting?.handed !== handed)
        this.#waiting.set(socket, { handed, queued: undefined, sinceMs: nowMs });
      else suspects.push(...suspectOf(socket, waiting));
    }
    for (const socket of this.#waiting.keys()) if (!seen.has(socket)) this.#waiting.delete(socket);
    if (suspects.length > 0) this.#judge(suspects, nowMs);
  }

  #judge(suspects: readonly Suspect[], nowMs: number): void {
    const queues = this.#queuesOf(suspects);
    for (const suspect of suspects) {
      const { socket, waiting } = suspect;
      const queued = queues.get(suspect);
      const isSame = waiting.queued === undefined || waiting.queued === queued;
      // Of which the kernel says nothing may be slow.
      if (queued === undefined || !isSame) waiting.sinceMs = nowMs;
      waiting.queued = queued;
      if (nowMs - waiting.sinceMs < this.#options.stalledMs) continue;
      this.#waiting.delete(socket);
      // To close it would leave what waits to the kernel, for as long again.
      socket.resetAndDestroy();
    }
  }

  #queuesOf(suspects: readonly Suspect[]): Map<Suspect, number> {
    try {
      return this.#options.readQueues(suspects);
    } catch {
      // Without /proc nobody is known to take nothing.
      return new Map();
    }
  }
}

function suspectOf(socket: Socket, waiting: Waiting): Suspect[] {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || localPort === undefined) return [];
  if (remoteAddress === undefined || remotePort === undefined) return [];
  const key = endsKey({ localAddress, localPort, remoteAddress, remotePort });
  return [{ socket, waiting, key, isClosed: false }];
}
