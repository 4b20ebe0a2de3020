import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cgroups } from "../../cells/cgroup/Cgroups.ts";
import { openCgroups } from "../../cells/cgroup/openCgroups.ts";
import { enforcesOf } from "../../cells/enforcesOf.ts";
import type { CellNetwork } from "../../cells/network/CellNetwork.ts";
import { openCellNetwork } from "../../cells/network/openCellNetwork.ts";
import { chooseSandbox, type SandboxChoice } from "../../cells/sandbox/chooseSandbox.ts";
import { workerdBinary } from "../../cells/workerdBinary.ts";
import { type Check, check } from "../Check.ts";

export interface ConfinementOptions {
  /** See the setting: whoever asks for it gets it here as at the node's start. */
  readonly enableIpForward: boolean;
  readonly resolvers?: readonly string[] | undefined;
}

export interface Confinement {
  readonly checks: readonly Check[];
  /** What a node started now would tell; undefined where workerd does not run at all. */
  readonly enforces: ReturnType<typeof enforcesOf> | undefined;
}

/**
 * What cells would be held to, found by doing it: makes the namespace and the control groups of a node 0, starts workerd
 * in the sandbox there, and removes all of it.
 */
export async function checkConfinement(options: ConfinementOptions): Promise<Confinement> {
  const directory = await mkdtemp(join(tmpdir(), "w3doctor-"));
  const network = await openCellNetwork({ ...options, nodeId: 0, directory: join(directory, "network") });
  const cgroups = await openCgroups({ nodeId: 0, recordPath: join(directory, "cgroups.json") });
  try {
    const { wrap, resolvConf } = network;
    const choice = await chooseSandbox({ workerd: workerdBinary().path, wrap, resolvConf });
    const checks = [...sandboxChecks(choice), networkCheck(network), ...cgroupChecks(cgroups)];
    return { checks, enforces: enforcesOf({ choice, network, cgroups }) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const none = check("sandbox", false, detail, { needed: true, fix: "npm ci installs workerd" });
    return { checks: [none, networkCheck(network), ...cgroupChecks(cgroups)], enforces: undefined };
  } finally {
    await cgroups.close();
    await network.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function sandboxChecks({ sandbox, notes }: SandboxChoice): Check[] {
  const isBwrap = sandbox.kind === "bwrap";
  const who = sandbox.user === undefined ? "in a user namespace" : "as nobody";
  return [
    check("sandbox", isBwrap, isBwrap ? ["bwrap", who, ...notes].join("; ") : notes.join("; "), {
      needed: true,
      fix: "apt-get install bubblewrap, and let users make namespaces",
    }),
    check("seccomp", sandbox.seccomp, sandbox.seccomp ? "system calls are filtered" : "not filtered", {
      fix: isBwrap ? "a kernel with CONFIG_SECCOMP_FILTER, on x86-64 or aarch64" : "comes with the sandbox",
    }),
  ];
}

function networkCheck({ kind, notes }: CellNetwork): Check {
  const ok = kind !== "workerd";
  const detail = [...(ok ? [kind] : []), ...notes].join("; ");
  return check("network", ok, detail, { needed: true, fix: networkFix(notes.join()) });
}

function networkFix(problem: string): string {
  if (problem.includes("ip_forward")) {
    return "sysctl -w net.ipv4.ip_forward=1 (to keep it: in /etc/sysctl.d), or cells.enableIpForward in node.json";
  }
  if (problem.includes("/dev/net/tun")) return "chmod 0666 /dev/net/tun";
  return process.getuid?.() === 0
    ? "apt-get install iproute2 nftables; the agent needs CAP_NET_ADMIN and CAP_SYS_ADMIN"
    : "apt-get install passt iproute2 nftables";
}

function cgroupChecks(cgroups: Cgroups): Check[] {
  return (["memory", "cpu", "pids"] as const).map((what) => {
    const kind = cgroups[what];
    const detail = kind === "none" ? ["no control group", ...cgroups.notes].join("; ") : kind;
    return check(`${what} limit`, kind !== "none", detail, {
      fix: "run the agent as a systemd service with Delegate=yes, or as root",
    });
  });
}
