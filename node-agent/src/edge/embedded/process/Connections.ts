import type { Socket } from "node:net";
import type { ConnectionLimits } from "../../Edge.ts";
import { networkOf } from "../../networkOf.ts";

interface Client {
  readonly key: string;
  count: number;
  /** On which nothing is under way, the longest idle first. */
  readonly idle: Set<Socket>;
}

/**
 * The connections of visitors of one process. When there are as many as there may be, of one visitor or at all, an idle one
 * makes room for a new one, the longest idle first: its visitor makes another when it needs it. Where none is idle, the new
 * one is turned away. So nobody keeps others out by holding connections open, nor by many on which something goes on.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #clients = new Map<string, Client>();
  readonly #open = new Map<Socket, Client>();
  readonly #idle = new Set<Socket>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Takes a new connection in, as idle. @returns whether there is room; else it is closed. */
  admit(socket: Socket): boolean {
    const key = networkOf(socket.remoteAddress ?? "");
    const client = this.#clients.get(key) ?? { key, count: 0, idle: new Set() };
    const { total, perClient } = this.#limits;
    const hasRoom =
      (client.count < perClient || this.#drop(client.idle)) && (this.count < total || this.#drop(this.#idle));
    if (!hasRoom) {
      socket.destroy();
      return false;
    }
    client.count += 1;
    this.#clients.set(key, client);
    this.#open.set(socket, client);
    this.idle(socket);
    socket.once("close", () => this.#forget(socket));
    return true;
  }

  /** Something is under way on it. */
  busy(socket: Socket): void {
    this.#idle.delete(socket);
    this.#open.get(socket)?.idle.delete(socket);
  }

  /** Nothing is under way on it any more. */
  idle(socket: Socket): void {
    const client = this.#open.get(socket);
    if (client === undefined) return;
    this.#idle.add(socket);
    client.idle.add(socket);
  }

  #drop(idle: ReadonlySet<Socket>): boolean {
    const [oldest] = idle;
    if (oldest === undefined) return false;
    this.#forget(oldest);
    oldest.destroy();
    return true;
  }

  #forget(socket: Socket): void {
    const client = this.#open.get(socket);
    if (client === undefined) return;
    this.busy(socket);
    this.#open.delete(socket);
    client.count -= 1;
    if (client.count === 0) this.#clients.delete(client.key);
  }
}
