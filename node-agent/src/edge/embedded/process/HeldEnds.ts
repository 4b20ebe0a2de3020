import type { Socket } from "node:net";

/** Connections whose end waits at once; others end without. */
const MOST = 1_000;

/** As far as its end is held. */
type EndingSocket = Pick<Socket, "_final" | "once">;

/**
 * Ends of connections that wait until the kernel was asked about them: it forgets a connection that its visitor ended
 * once this side ends, too, and that is acknowledged.
 */
export class HeldEnds {
  readonly #held = new Map<EndingSocket, () => void>();

  /**
   * Makes the end of a connection wait, behind all that was written.
   *
   * @param hold.isOfUse - whether it has to, asked when it would end.
   * @param hold.onHeld - it waits now, until `release`.
   */
  hold(socket: EndingSocket, hold: { readonly isOfUse: () => boolean; readonly onHeld: () => void }): void {
    const final = socket._final.bind(socket);
    socket._final = (done) => {
      const end = () => final(done);
      if (this.#held.size >= MOST || !hold.isOfUse()) return end();
      this.#held.set(socket, end);
      hold.onHeld();
    };
    socket.once("close", () => this.#held.delete(socket));
  }

  /** Those that wait. */
  get waiting(): EndingSocket[] {
    return [...this.#held.keys()];
  }

  release(sockets: readonly EndingSocket[]): void {
    for (const socket of sockets) {
      const end = this.#held.get(socket);
      this.#held.delete(socket);
      end?.();
    }
  }
}
