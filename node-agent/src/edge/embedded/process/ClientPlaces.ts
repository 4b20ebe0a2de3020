import { networkOf } from "../../networkOf.ts";
import type { Refusal } from "../../Refusal.ts";
import type { Visitor } from "../../Visitor.ts";

/** What one visitor address may have at one project at once, in each process. */
export interface ClientLimits {
  /** Requests, bodies and WebSockets. */
  readonly concurrentPerClient: number;
  /** WebSockets alone: they stay, though nothing is said. */
  readonly webSocketsPerClient: number;
}

interface Held {
  all: number;
  webSockets: number;
}

/** Who has how much under way at which project, so that nobody takes the places of all others. */
export class ClientPlaces {
  readonly #limits: ClientLimits;
  readonly #held = new Map<string, Held>();

  constructor(limits: ClientLimits) {
    this.#limits = limits;
  }

  /** @returns What gives the place back, to be called once; or why there is none. */
  take(
    projectId: string,
    { address, protocol }: Pick<Visitor, "address" | "protocol">,
  ): (() => void) | Refusal {
    const key = `${projectId} ${networkOf(address)}`;
    const held = this.#held.get(key) ?? { all: 0, webSockets: 0 };
    const { concurrentPerClient, webSocketsPerClient } = this.#limits;
    const webSockets = protocol === "websocket" ? 1 : 0;
    if (held.all >= concurrentPerClient) return tooMany(`${held.all} requests`);
    if (webSockets > 0 && held.webSockets >= webSocketsPerClient)
      return tooMany(`${held.webSockets} WebSockets`);
    held.all += 1;
    held.webSockets += webSockets;
    this.#held.set(key, held);
    return () => {
      held.all -= 1;
      held.webSockets -= webSockets;
      if (held.all === 0) this.#held.delete(key);
    };
  }
}

function tooMany(what: string): Refusal {
  return {
    status: 429,
    code: "TOO_MANY_AT_ONCE",
    message: `this address has ${what} under way at this project already`,
    retryAfterSeconds: 1,
  };
}
