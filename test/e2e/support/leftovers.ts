import { readdirSync, readFileSync } from "node:fs";
import { pidOf } from "../../../node-agent/src/testing/pidOf.ts";
import { until } from "../../../node-agent/src/testing/until.ts";
import { portProblems } from "../../../scripts/devnet/portProblems.ts";
import { isRunning, type ProcessInfo, readProcess } from "../../../scripts/devnet/readProcess.ts";
import type { Devnet } from "../../../scripts/devnet/testing/startOwnDevnet.ts";

/** What there is of a running devnet, to be looked for when it should be gone. */
export interface Footprint {
  readonly processes: readonly ProcessInfo[];
  readonly stateDirectory: string;
  readonly ports: readonly number[];
}

/** Takes the footprint of a devnet: its processes, down to the last child, and its ports. */
export function footprintOf({ child, stateDirectory, rpcUrl, nodes }: Devnet): Footprint {
  const ports = [rpcUrl, ...nodes.map(({ http }) => http)].map((url) => Number(new URL(url).port));
  return { processes: descendantsOf(pidOf(child)), stateDirectory, ports };
}

/** Waits until nothing of it is there any more: no process that it had, none that names its folder or ports, no listener. */
export async function untilGone(footprint: Footprint, timeoutMs: number): Promise<void> {
  const left = () => [...footprint.processes.filter(isRunning), ...mentioning(footprint)];
  await until("all processes are gone", () => left().length === 0, { timeoutMs }).catch((error: unknown) => {
    const lines = left().map(({ pid, command }) => `${pid} ${command.join(" ")}`);
    throw new Error([String(error), ...lines].join("\n"));
  });
  const problems = await portProblems(footprint.ports);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

/** A process with all that it started, and so on. */
export function descendantsOf(pid: number): ProcessInfo[] {
  const all = allProcesses();
  const found = all.filter((each) => each.pid === pid);
  for (const parent of found) found.push(...all.filter((each) => each.parentPid === parent.pid));
  return found;
}

function mentioning({ stateDirectory, ports }: Footprint): ProcessInfo[] {
  // Pids and times are numbers too: a port stands behind a host or an option.
  const port = new RegExp(`(:|port[= ])(${ports.join("|")})\\b`);
  return allProcesses().filter(({ pid, command }) => {
    const line = command.join(" ");
    return line.includes(stateDirectory) || port.test(line) || environmentOf(pid).includes(stateDirectory);
  });
}

function allProcesses(): ProcessInfo[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readProcess(Number(pid)))
    .filter((found) => found !== undefined);
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return ""; // it ended meanwhile, or is another user's
  }
}
