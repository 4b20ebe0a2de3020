import type { Worker3Error } from "../errors/Worker3Error.ts";
import { checkSupported, SupportError, type SupportQuestion } from "../manifest/checkSupported.ts";
import { readNodeDocument } from "./documents.ts";
import { NodeError, nodeUnreachable } from "./NodeError.ts";
import { answersGraceMs, anySignal, withQuorum } from "./quorum.ts";
import type { Replica } from "./replicas.ts";

/** Whether one node can run a project. */
export interface NodeSupport extends Replica {
  /** `yes`, `no`, or `unknown` where it did not say. */
  readonly runs: "yes" | "no" | "unknown";
  /** Why not, or why it is unknown. */
  readonly error: Worker3Error | undefined;
}

/**
 * Asks nodes whether they can run a project, before it is brought to them and before anything is paid. Once half of them have
 * answered, the others have another second.
 *
 * @returns Each node's answer, in order.
 * @throws The signal's reason.
 */
export function askSupport(
  replicas: readonly Replica[],
  question: SupportQuestion & { readonly signal?: AbortSignal | undefined },
): Promise<NodeSupport[]> {
  const tasks = replicas.map((replica) => async (giveUp: AbortSignal): Promise<NodeSupport> => {
    const { endpoint } = replica;
    const signal = anySignal(question.signal, giveUp);
    try {
      const { capabilities } = await readNodeDocument({ endpoint, signal });
      checkSupported(question, capabilities);
      return { ...replica, runs: "yes", error: undefined };
    } catch (error) {
      if (error instanceof SupportError) return { ...replica, runs: "no", error };
      if (error instanceof NodeError) return { ...replica, runs: "unknown", error };
      question.signal?.throwIfAborted();
      if (giveUp.aborted)
        return { ...replica, runs: "unknown", error: nodeUnreachable(endpoint, giveUp.reason) };
      throw error;
    }
  });
  return withQuorum({ tasks, isDone: ({ runs }) => runs !== "unknown", graceMs: answersGraceMs });
}
