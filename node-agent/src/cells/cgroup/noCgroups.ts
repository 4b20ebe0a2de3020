import type { Cgroups } from "./Cgroups.ts";

/** Where there are no control groups that this agent may make: nothing is limited. */
export function noCgroups(notes: readonly string[] = []): Cgroups {
  return {
    memory: "none",
    cpu: "none",
    pids: "none",
    notes,
    create: async () => ({ wrap: (command) => command, oomKills: () => 0, remove: async () => {} }),
    close: async () => {},
  };
}
