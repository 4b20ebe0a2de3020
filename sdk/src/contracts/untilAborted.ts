/** The outcome of `work`, or the signal's reason as soon as it aborts. The work itself goes on and is not waited for. */
export async function untilAborted<value>(
  work: Promise<value>,
  signal: AbortSignal | undefined,
): Promise<value> {
  if (signal === undefined) return work;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
    work.catch(() => undefined);
  }
}
