import { Worker3Error } from "@worker3/sdk";
import type { Hash } from "viem";
import { CliError } from "../../errors.ts";

/**
 * Does what comes after a mined transaction: a failure then says so, and how to go on.
 *
 * @param next How to go on, unless the failure knows better.
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
      throw new CliError({ code, message, value, next, txHash: cause.txHash ?? txHash, cause });
    }
    if (cause instanceof DOMException && cause.name === "AbortError") {
      const message = `The command was ${cause.message}, after a transaction.`;
      throw new CliError({ code: "ABORTED", message, next, txHash, cause });
    }
    throw cause;
  }
}
