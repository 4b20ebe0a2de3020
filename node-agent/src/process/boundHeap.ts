import { setFlagsFromString } from "node:v8";

/**
 * Makes the garbage collector of this process run before the heap is several times what is in use. How much it leaves
 * lying, V8 measures by the machine's memory: where that was 24 GB, an agent with 45 MB in use stood at 350 MB after it
 * had read 100,000 projects from logs. From here on the young generation does not grow any more, and the old one to twice
 * of what is in use. Neither is a limit: a heap that needs more gets it.
 *
 * V8 looks both up at each collection, so they may be set in a running process. `npm run bench -- sync` shows the gain.
 */
export function boundHeap(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=100");
}
