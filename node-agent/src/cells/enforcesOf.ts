import type { Enforces } from "./CellRunner.ts";
import type { Cgroups } from "./cgroup/Cgroups.ts";
import type { CellNetwork } from "./network/CellNetwork.ts";
import type { SandboxChoice } from "./sandbox/chooseSandbox.ts";

export interface EnforcesOptions {
  readonly choice: SandboxChoice;
  readonly network: Pick<CellNetwork, "kind" | "notes">;
  readonly cgroups: Pick<Cgroups, "memory" | "cpu" | "pids" | "notes">;
  /** What the agent itself sees to where there are no control groups. */
  readonly agent?: { readonly memory?: "polled"; readonly cpu?: "watchdog" } | undefined;
}

/** What is told to whoever asks what this node holds cells to. */
export function enforcesOf({ choice, network, cgroups, agent = {} }: EnforcesOptions): Enforces {
  const { sandbox, notes } = choice;
  const memory = cgroups.memory === "none" ? (agent.memory ?? "none") : cgroups.memory;
  const cpu = agent.cpu ?? cgroups.cpu;
  const unlimited = [
    ...(memory === "none" ? ["memory"] : []),
    ...(cpu === "none" ? ["CPU time"] : []),
    ...(cgroups.pids === "none" ? ["the number of processes"] : []),
  ];
  return {
    sandbox: sandbox.kind === "bwrap",
    bound: sandbox.kind,
    seccomp: sandbox.seccomp,
    memory,
    cpu,
    pids: cgroups.pids,
    network: network.kind,
    notes: [
      ...notes,
      ...cgroups.notes,
      ...(unlimited.length === 0 ? [] : [`not limited, only measured: ${unlimited.join(", ")}`]),
      ...network.notes,
      ...(network.kind === "workerd"
        ? ["cells share this machine's network: only workerd's own rule keeps them to public addresses"]
        : []),
    ],
  };
}
