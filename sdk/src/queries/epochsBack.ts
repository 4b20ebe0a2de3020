/** The running epoch and those before it, newest first; none before 0. */
export function epochsBack(now: number, count: number): number[] {
  return Array.from({ length: Math.min(count, now + 1) }, (_, i) => now - i);
}
