import { findPortHolder } from "../../node-agent/src/process/findPortHolder.ts";
import { type ProcessInfo, readProcess } from "./readProcess.ts";

/** The process that listens on a TCP port of this machine; undefined if nobody does, or one that we may not look at. */
export async function portHolder(port: number): Promise<ProcessInfo | undefined> {
  const pid = await findPortHolder(port);
  return pid === undefined ? undefined : readProcess(pid);
}
