export const CONTROLLERS = ["memory", "cpu", "pids"] as const;
export type Controller = (typeof CONTROLLERS)[number];

/** Where the groups of a controller are made: below the group that the agent is in. */
export interface Hierarchy {
  readonly kind: "cgroup1" | "cgroup2";
  /** Absolute path of the agent's own group. */
  readonly directory: string;
}

export interface HierarchySources {
  /** `/proc/self/mountinfo` */
  readonly mountinfo: string;
  /** `/proc/self/cgroup` */
  readonly membership: string;
}

/**
 * Finds the agent's own group in each hierarchy: those of version 1 by controller, and the one of version 2. Pure.
 * Source: cgroups(7), proc(5).
 */
export function parseHierarchies({ mountinfo, membership }: HierarchySources): {
  readonly v1: Partial<Record<Controller, string>>;
  readonly v2: string | undefined;
} {
  const v1: Partial<Record<Controller, string>> = {};
  let v2: string | undefined;
  const groups = membership
    .split("\n")
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, controllers = "", path = "/"]) => ({ controllers: controllers.split(","), path }));
  for (const line of mountinfo.split("\n")) {
    const [mount = "", source = ""] = line.split(" - ");
    const [, , , root = "", point = ""] = mount.split(" ").map(unescapePath);
    const [type, , options = ""] = source.split(" ");
    if (type === "cgroup2") {
      const group = groups.find(({ controllers }) => controllers.join() === "");
      v2 ??= group && below(point, root, group.path);
    } else if (type === "cgroup") {
      const mounted = options.split(",");
      for (const controller of CONTROLLERS) {
        if (!mounted.includes(controller)) continue;
        const group = groups.find(({ controllers }) => controllers.includes(controller));
        const directory = group && below(point, root, group.path);
        if (directory !== undefined) v1[controller] ??= directory;
      }
    }
  }
  return { v1, v2 };
}

/** A group's directory where the part of the hierarchy from `root` on is mounted at `point`. */
function below(point: string, root: string, path: string): string | undefined {
  if (root === "/") return join(point, path);
  if (path === root) return point;
  return path.startsWith(`${root}/`) ? join(point, path.slice(root.length)) : undefined;
}

function join(point: string, path: string): string {
  return path === "/" ? point : `${point}${path}`;
}

/** `\040` and its like: how the kernel writes blanks. */
function unescapePath(field: string): string {
  return field.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
