import { pause } from "../contracts/pause.ts";
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
 * @param question.patienceMs One that takes no connection is asked again for so long: it may be starting. 0 by default.
 * @returns Each node's answer, in order.
 * @throws The signal's reason.
 */
export function askSupport(
  replicas: readonly Replica[],
  question: SupportQuestion & {
    readonly patienceMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<NodeSupport[]> {
  const deadline = performance.now() + (question.patienceMs ?? 0);
  const tasks = replicas.map((replica) => async (giveUp: AbortSignal): Promise<NodeSupport> => {
    const { endpoint } = replica;
    const signal = anySignal(question.signal, giveUp);
    try {
      const { capabilities } = await readNodeDocumentBy({ endpoint, signal, deadline });
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

const ASK_AGAIN_MS = 200;

async function readNodeDocumentBy(question: {
  readonly endpoint: string;
  readonly signal: AbortSignal | undefined;
  readonly deadline: number;
}): ReturnType<typeof readNodeDocument> {
  const { deadline, ...asked } = question;
  for (;;) {
    try {
      return await readNodeDocument(asked);
    } catch (error) {
      const isAway = error instanceof NodeError && error.code === "NODE_UNREACHABLE";
      if (!isAway || performance.now() + ASK_AGAIN_MS > deadline) throw error;
      // Told to stop in between, it says that the node is away.
      await pause(ASK_AGAIN_MS, asked.signal).catch(() => Promise.reject(error));
    }
  }
}
