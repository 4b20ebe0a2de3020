/** How often the kernel killed for want of memory, as `memory.events` (version 2) and `memory.oom_control` (1) say. */
export function parseOomKills(text: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}
