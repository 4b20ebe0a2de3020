import { spawn } from "node:child_process";

/** How often a second the guard looks whether the process has ended by itself. */
const LOOKS_PER_SECOND = 10;

/**
 * A shell that reads from a pipe which only this process writes to. The end of the pipe is the end of this process,
 * also by SIGKILL, which nothing in this process could answer.
 */
const SCRIPT = `
read -r _
[ "$2" -gt 0 ] && kill -s TERM "$1" 2>/dev/null
looks=0
while [ "$looks" -lt "$2" ] && kill -0 -- "-$1" 2>/dev/null; do sleep 0.1; looks=$((looks + 1)); done
kill -s KILL -- "-$1" 2>/dev/null
`;

/**
 * Makes sure that a process group does not outlive this process: when this process has ended, the leader is told to end
 * too, and what is left of the group after `graceMs` is killed.
 *
 * @param leader - The pid of a process that leads a group of its own (`detached`).
 * @returns Ends the guard. To be called once the leader is gone, before its pid is another's.
 */
export function guardGroup(leader: number, graceMs: number): () => void {
  const looks = Math.ceil((graceMs / 1000) * LOOKS_PER_SECOND);
  const guard = spawn("/bin/sh", ["-c", SCRIPT, "guard", String(leader), String(looks)], {
    // A session of its own: what is typed at the terminal (Ctrl-C) must not end the guard first.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.on("error", () => {});
  guard.stdin.on("error", () => {});
  guard.unref();
  return () => void guard.kill("SIGKILL");
}
