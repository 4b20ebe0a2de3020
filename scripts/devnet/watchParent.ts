import { basename } from "node:path";
import { isRunning, type ProcessInfo, readProcess } from "./readProcess.ts";

const POLL_MS = 500;
const SHELLS = new Set(["sh", "bash", "dash", "ash", "zsh"]);

/**
 * Calls `onEnd` once, when whoever started this process ends. `npm run` puts npm and a shell between the two, and none of
 * them takes its children along when it is killed: all of them are watched.
 *
 * @returns Ends the watch.
 */
export function watchParent(onEnd: (ended: ProcessInfo) => void): () => void {
  const watched = startersOf(process.ppid, readProcess);
  const timer = setInterval(() => {
    const ended = watched.find((each) => !isRunning(each));
    if (ended === undefined) return;
    clearInterval(timer);
    onEnd(ended);
  }, POLL_MS);
  return () => clearInterval(timer);
}

/** The process and its ancestors, up to and with the first that is more than a wrapper around what it starts. */
export function startersOf(
  pid: number,
  read: (pid: number) => ProcessInfo | undefined,
): readonly ProcessInfo[] {
  const starters: ProcessInfo[] = [];
  // The first process of a machine adopts orphans; it starts nothing and does not end.
  for (let current = read(pid); current !== undefined && current.pid > 1; current = read(current.parentPid)) {
    starters.push(current);
    if (!isWrapper(current.command)) break;
  }
  return starters;
}

function isWrapper([program = "", ...args]: readonly string[]): boolean {
  // npm overwrites its command line with one text: "npm run devnet".
  if (/^(npm|npx|pnpm|yarn)( |$)/.test(basename(program))) return true;
  if (/^(npm|npx)-cli\.js$/.test(basename(args.find((arg) => !arg.startsWith("-")) ?? ""))) return true;
  return SHELLS.has(basename(program)) && args.some((arg) => /^-[a-z]*c$/.test(arg));
}
