import type { Duplex } from "node:stream";
import type { EdgeContext } from "./EdgeContext.ts";

/**
 * Runs what a visitor brought about. Nothing that visitors send may end the process, whatever is wrong in this code: an
 * error costs the connection of who brought it about, and is logged.
 */
export function guarded({ fault }: Pick<EdgeContext, "fault">, connection: Duplex, handle: () => void): void {
  try {
    handle();
  } catch (error) {
    fault(error);
    connection.destroy();
  }
}
