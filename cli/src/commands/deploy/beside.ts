/**
 * Does two things at a time, of which the second may wait for what the first finds. Where one of them fails, the other is
 * told to stop and has ended when this throws the failure that came first; what the second made by then is disposed of.
 *
 * @param signal Stops both.
 */
export async function beside<value, made extends AsyncDisposable>(
  signal: AbortSignal,
  find: (signal: AbortSignal) => Promise<value>,
  make: (signal: AbortSignal, found: Promise<value>) => Promise<made>,
): Promise<[value, made]> {
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
  const found = watched(find(either));
  found.catch(() => undefined); // thrown below
  const [finding, making] = await Promise.allSettled([found, watched(make(either, found))]);
  if (finding.status === "fulfilled" && making.status === "fulfilled") return [finding.value, making.value];
  if (making.status === "fulfilled") await making.value[Symbol.asyncDispose]();
  throw failed.signal.reason;
}
