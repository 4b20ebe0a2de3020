import type { ServerResponse } from "node:http";
import { LIMITS } from "./limits.ts";

/** A request, as far as it waits for its turn. */
export interface Turn {
  readonly response: ServerResponse;
  /** Those before it are answered. Called once, unless the connection ends before. */
  readonly start: () => void;
  /** Called when the connection is closed before the answer is through, whether it was started or not. */
  readonly abandon: () => void;
}

export interface TurnsOptions {
  /** Whether the connection takes no further answer. */
  readonly isOver: () => boolean;
  /** Nothing is under way any more. */
  readonly onIdle: () => void;
  /** As many wait as may: what else comes is to be thrown away. Called once. */
  readonly onFull: () => void;
  readonly mayWait?: number;
}

/**
 * The requests of one connection. HTTP lets a visitor send the next ones before the first is answered, and wants the
 * answers in that order (RFC 9112, 9.3.2). Each starts when the one before is answered: else one connection would hold
 * many places at an upstream, and its memory, by answers that nobody reads; and requests would be counted of which no
 * visitor ever gets an answer. The last that may wait is the last of its connection, and its answer says so.
 */
export class Turns {
  readonly #options: Required<TurnsOptions>;
  /** The first is under way. */
  readonly #turns: Turn[] = [];
  #isFull = false;

  constructor(options: TurnsOptions) {
    this.#options = { mayWait: LIMITS.waitingPerConnection, ...options };
  }

  /** The responses that are not through, in their order. */
  get open(): ServerResponse[] {
    return this.#turns.map(({ response }) => response);
  }

  get isIdle(): boolean {
    return this.#turns.length === 0;
  }

  take(turn: Turn): void {
    if (this.#isFull) return;
    if (this.#turns.length > this.#options.mayWait) {
      this.#isFull = true;
      const last = this.#turns.at(-1);
      // Its head is not written: Node writes there that the connection ends, and ends it behind it.
      if (last !== undefined) last.response.shouldKeepAlive = false;
      this.#options.onFull();
      return;
    }
    this.#turns.push(turn);
    turn.response.once("finish", () => this.#next(turn));
    if (this.#turns.length === 1) turn.start();
  }

  /** The connection is closed. */
  abandon(): void {
    for (const turn of this.#turns.splice(0)) turn.abandon();
  }

  #next(done: Turn): void {
    const place = this.#turns.indexOf(done);
    if (place === -1) return;
    this.#turns.splice(place, 1);
    const [next] = this.#turns;
    if (next === undefined) this.#options.onIdle();
    else if (place === 0 && !this.#options.isOver()) next.start();
  }
}
