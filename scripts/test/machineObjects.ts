import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Something of the kernel's that a run can leave on a machine, and that no end of a process removes. */
export interface MachineObject {
  readonly kind: "control group" | "network namespace" | "network interface" | "mount";
  /** A path, but for interfaces. */
  readonly name: string;
}

/** Where the kernel shows them. */
export interface Places {
  readonly cgroups: string;
  readonly namespaces: string;
  readonly interfaces: string;
  readonly mounts: string;
}

const PLACES: Places = {
  cgroups: "/sys/fs/cgroup",
  namespaces: "/run/netns",
  interfaces: "/sys/class/net",
  mounts: "/proc/self/mountinfo",
};

/** What agents and tests call theirs: `w3-1-0a1b2c`, `w3t-machine-0a1b2c`, `w3h0a1b2c`. */
const OURS = /^w3/;

/**
 * The control groups, network namespaces and interfaces of this machine that are named as agents name theirs, and the mounts
 * in the folder for temporary files. Empty where there is nothing to see, or nobody who may.
 */
export async function findMachineObjects(places: Places = PLACES): Promise<MachineObject[]> {
  const named = async (directory: string): Promise<string[]> =>
    (await readdir(directory).catch(() => [])).filter((name) => OURS.test(name));
  const namespaces = await named(places.namespaces);
  const mounts = mountPoints(await readFile(places.mounts, "utf8").catch(() => ""));
  return [
    ...(await groupsIn(places.cgroups)).map((name) => ({ kind: "control group" as const, name })),
    ...namespaces.map((name) => ({
      kind: "network namespace" as const,
      name: join(places.namespaces, name),
    })),
    ...(await named(places.interfaces)).map((name) => ({ kind: "network interface" as const, name })),
    ...mounts.filter(isTemporary).map((name) => ({ kind: "mount" as const, name })),
  ];
}

/** Those of `after` that were not there before. */
export function newObjects(
  before: readonly MachineObject[],
  after: readonly MachineObject[],
): MachineObject[] {
  const known = new Set(before.map(({ kind, name }) => `${kind} ${name}`));
  return after.filter(({ kind, name }) => !known.has(`${kind} ${name}`));
}

const REMOVE: Readonly<Record<MachineObject["kind"], (name: string) => string>> = {
  "control group": (name) => `find ${name} -depth -type d -exec rmdir {} +`,
  "network namespace": (name) => `ip netns delete ${name.split("/").at(-1)}`,
  "network interface": (name) => `ip link delete ${name}`,
  mount: (name) => `umount ${name}`,
};

/** An object for somebody who has to remove it. */
export function objectLine({ kind, name }: MachineObject): string {
  return `${kind} ${name}; remove it: ${REMOVE[kind](name)}`;
}

/** Groups of agents below a folder; what is in them goes with them. */
async function groupsIn(directory: string): Promise<string[]> {
  const below = (await readdir(directory, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const deeper = below.filter((name) => !OURS.test(name)).map((name) => groupsIn(join(directory, name)));
  return [
    ...below.filter((name) => OURS.test(name)).map((name) => join(directory, name)),
    ...(await Promise.all(deeper)).flat(),
  ];
}

function isTemporary(point: string): boolean {
  return point.startsWith(`${tmpdir()}/`);
}

/** The fifth field of proc_pid_mountinfo(5), with blanks as `\040`. */
function mountPoints(mountinfo: string): string[] {
  return mountinfo
    .split("\n")
    .map((line) => line.split(" ")[4])
    .filter((point) => point !== undefined)
    .map((point) =>
      point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}
