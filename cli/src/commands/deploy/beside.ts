/**
 * Does two things at a time. Where one of them fails, the other is told to stop and has ended when this throws the failure
 * that came first; what the first one made by then is disposed of.
 *
 * @param signal Stops both.
 */
export async function beside<made extends AsyncDisposable, value>(
  signal: AbortSignal,
  make: (signal: AbortSignal) => Promise<made>,
  work: (signal: AbortSignal) => Promise<value>,
): Promise<[made, value]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const watched = async <outcome>(begun: Promise<outcome>): Promise<outcome> => {
    try {
      return await begun;
    } catch (error) {
      failed.abort(error); // the first one counts
      throw error;
    }
  };
  const [making, working] = await Promise.allSettled([watched(make(either)), watched(work(either))]);
  if (making.status === "fulfilled" && working.status === "fulfilled") return [making.value, working.value];
  if (making.status === "fulfilled") await making.value[Symbol.asyncDispose]();
  throw failed.signal.reason;
}
