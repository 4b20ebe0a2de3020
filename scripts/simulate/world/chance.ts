/**
 * A number from 0 (inclusive) to 1 (exclusive) that depends on nothing but its place: the same event has the same luck in
 * a world with a cheat and in its honest twin, whatever else happened there. That is what makes the two comparable.
 *
 * @param place What the number is for: a seed, a stream, ids and epochs.
 */
export function chance(...place: readonly number[]): number {
  let word = 0x9e3779b9;
  for (const part of place) {
    word = Math.imul(word ^ (part >>> 0), 0x85ebca6b);
    word ^= word >>> 13;
    word = Math.imul(word, 0xc2b2ae35);
    word ^= word >>> 16;
  }
  return (word >>> 0) / 2 ** 32;
}

/** What chances are for: each has numbers of its own. */
export const STREAM = {
  project: 1,
  epoch: 2,
  attention: 3,
  falseAlarm: 4,
  move: 5,
  follow: 6,
  decision: 7,
  churn: 8,
  nodeChurn: 9,
  draw: 10,
  probe: 11,
  strategy: 12,
} as const;

/** A normal deviate from two chances (Box and Muller). */
export function normal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
