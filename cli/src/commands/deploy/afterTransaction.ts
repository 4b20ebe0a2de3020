import { Worker3Error } from "@worker3/sdk";
import type { Hash } from "viem";
import { CliError } from "../../errors.ts";

/** With these a transaction may still be mined: before all else it has to be looked up. */
const OPEN: ReadonlySet<string> = new Set(["TX_UNSURE", "TX_TIMEOUT", "ABORTED"]);

/**
 * Does what comes after a mined transaction: a failure then says so, and how to go on.
 *
 * @param next How to go on; where what failed is a transaction that may still be mined, after that was looked up.
 */
export async function afterTransaction<value>(
  txHash: Hash,
  next: string,
  work: () => Promise<value>,
): Promise<value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Worker3Error) {
      const { code, message, value } = cause;
      const isOpen = cause.txHash !== undefined && cause.next !== undefined && OPEN.has(code);
      const told = isOpen ? `${cause.next}; what is not done goes on by: ${next}` : next;
      throw new CliError({ code, message, value, next: told, txHash: cause.txHash ?? txHash, cause });
    }
    if (cause instanceof DOMException && cause.name === "AbortError") {
      const message = `The command was ${cause.message}, after a transaction.`;
      throw new CliError({ code: "ABORTED", message, next, txHash, cause });
    }
    throw cause;
  }
}

/**
 * Sends a deployment's own transaction before which nothing was paid. Where that may still be mined, the same command may
 * be run again all the same: it finds the project by its name and the version by its content, and does what is missing.
 */
export async function resumable<value>(send: () => Promise<value>): Promise<value> {
  try {
    return await send();
  } catch (cause) {
    if (!(cause instanceof Worker3Error) || cause.txHash === undefined || !OPEN.has(cause.code)) throw cause;
    const { code, message, value, txHash } = cause;
    throw new CliError({ code, message, value, next: RUN_AGAIN, txHash, cause });
  }
}

const RUN_AGAIN =
  "run the same command again in a minute: it goes on where this ended, and takes no name and pays no deposit twice";
