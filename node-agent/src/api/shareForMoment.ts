const MAX_KEYS = 1_000;

/**
 * Lets all who ask the same within a moment share one answer: strangers can ask as often as they like what costs a question
 * to the chain.
 *
 * @param ms - an answer is as old at most.
 * @param keyOf - what is the same of two questions that are; absent: they are.
 */
export function shareForMoment<question, value>(
  options: {
    readonly ms: number;
    readonly nowMs?: () => number;
    readonly keyOf?: (question: question) => unknown;
  },
  ask: (question: question) => Promise<value>,
): (question: question) => Promise<value> {
  const { ms, nowMs = () => performance.now(), keyOf = (question) => question } = options;
  const answers = new Map<unknown, { readonly untilMs: number; readonly answer: Promise<value> }>();
  return (question) => {
    const key = keyOf(question);
    const known = answers.get(key);
    if (known !== undefined && nowMs() < known.untilMs) return known.answer;
    if (answers.size >= MAX_KEYS) answers.clear();
    const answer = ask(question);
    answers.set(key, { untilMs: nowMs() + ms, answer });
    return answer;
  };
}
