/**
 * Numbers from 0 (inclusive) to 1 (exclusive), the same for the same seed, on every machine. Not for secrets.
 *
 * Source: Mulberry32, a 32-bit counter through two rounds of multiply and shift.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}
