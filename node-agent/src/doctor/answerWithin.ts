import { untilAborted } from "@worker3/sdk";

/** The answer, or an error that says that none came in time. What was asked may go on. */
export async function answerWithin<answer>(asked: Promise<answer>, timeoutMs: number): Promise<answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await untilAborted(asked, timeout);
  } catch (error) {
    throw error === timeout.reason ? new Error(`no answer after ${timeoutMs} ms`) : error;
  }
}
