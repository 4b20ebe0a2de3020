import { contractError, RpcError, Worker3Error } from "@worker3/sdk";
import type { Answer } from "./compareView.ts";

/** That the chain cannot be asked says nothing about the deployment. */
const AWAY: ReadonlySet<string> = new Set(["RPC_UNREACHABLE", "RPC_TIMEOUT", "RPC_LIMITED"]);

/**
 * What a contract answers, or how it refuses: other code than expected reverts, or answers nonsense.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function answerOf(asked: Promise<unknown>): Promise<Answer> {
  try {
    return { value: await asked };
  } catch (cause) {
    const error = contractError(cause);
    if (error instanceof RpcError && AWAY.has(error.code)) throw error;
    if (!(error instanceof Worker3Error)) throw error;
    return { refusal: `no answer (${error.code})` };
  }
}
