import type { ChildProcess } from "node:child_process";
import { Writable } from "node:stream";
import { type Command, FILTER_FD } from "./Sandbox.ts";

/** Writes a command's seccomp program to its process, whose `FILTER_FD` is a pipe. */
export function giveFilter(child: ChildProcess, { filter }: Command): void {
  if (filter === undefined) return;
  // Node's types know five of them.
  const streams: readonly unknown[] = child.stdio;
  const pipe = streams[FILTER_FD];
  if (!(pipe instanceof Writable)) return;
  // Whoever does not read it does not start, and its end says why.
  pipe.once("error", () => undefined);
  pipe.end(filter, () => pipe.destroy());
}
