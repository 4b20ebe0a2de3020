const MAX_KEYS = 1_000;

/**
 * Lets all who ask the same within a moment share one answer: strangers can ask as often as they like what costs a question
 * to the chain.
 *
 * @param ms - an answer is as old at most.
 */
export function shareForMoment<key, value>(
  { ms, nowMs = () => performance.now() }: { readonly ms: number; readonly nowMs?: () => number },
  ask: (key: key) => Promise<value>,
): (key: key) => Promise<value> {
  const answers = new Map<key, { readonly untilMs: number; readonly answer: Promise<value> }>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined && nowMs() < known.untilMs) return known.answer;
    if (answers.size >= MAX_KEYS) answers.clear();
    const answer = ask(key);
    answers.set(key, { untilMs: nowMs() + ms, answer });
    return answer;
  };
}
