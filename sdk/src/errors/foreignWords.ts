/** What a stranger may say in an error message, in characters. */
const MOST = 500;
/** What ends a line or a page, or moves to one, for a terminal, a log or a page. */
const BREAKS = /[\s\u0085]+/gu;

/**
 * What somebody else said (an RPC, a node, a daemon), as it may stand in a sentence of one's own: on one line, so that no
 * line of it passes for ours, and with a bound.
 *
 * @param most How many characters are kept.
 */
export function foreignWords(text: string, most: number = MOST): string {
  // Cut first: the work has a bound too. What is cut away in the middle of a blank changes nothing.
  const line = text
    .slice(0, 4 * most)
    .replace(BREAKS, " ")
    .trim();
  if (line.length <= most && text.length <= 4 * most) return line;
  // A pair of surrogates is not torn.
  return `${line
    .slice(0, most - 1)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd()}…`;
}
