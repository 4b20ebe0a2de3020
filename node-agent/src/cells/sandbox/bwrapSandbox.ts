import { type CellFiles, INFO_FD, type Sandbox } from "./Sandbox.ts";

const INSIDE: CellFiles = { folder: "/deployment", config: "/cell.capnp", sockets: "/s" };

/** What the binary needs to run at all: the C library, and to speak TLS with names: resolver and certificates. */
const SYSTEM = [
  "/usr/lib",
  "/usr/lib64",
  "/lib",
  "/lib64",
  "/etc/ssl",
  "/usr/share/ca-certificates",
  "/etc/resolv.conf",
];

/**
 * Own user, pid, ipc, uts and mount namespaces with nothing in them but workerd, the system's libraries and the cell's
 * own files; everything but `/tmp` and the sockets is read only. The network is the machine's.
 *
 * `--as-pid-1`: a SIGTERM has to reach workerd itself, whom bwrap's own init would leave without a signal.
 */
export function bwrapSandbox(programs: { readonly bwrap: string; readonly workerd: string }): Sandbox {
  return {
    kind: "bwrap",
    reportsPid: true,
    inside: () => INSIDE,
    command: (args, files) => ({
      file: programs.bwrap,
      args: [
        ...["--unshare-user", "--uid", "65534", "--gid", "65534", "--disable-userns"],
        ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "cell"],
        ...["--die-with-parent", "--as-pid-1", "--new-session", "--cap-drop", "ALL"],
        ...["--clearenv", "--setenv", "TZ", "UTC", "--chdir", "/"],
        ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
        ...SYSTEM.flatMap((path) => ["--ro-bind-try", path, path]),
        ...["--ro-bind", programs.workerd, "/workerd"],
        ...(files === undefined ? [] : binds(files)),
        ...["--remount-ro", "/", "--", "/workerd", ...args],
      ],
    }),
  };
}

function binds(files: CellFiles): string[] {
  return [
    ...["--ro-bind", files.folder, INSIDE.folder],
    ...["--ro-bind", files.config, INSIDE.config],
    ...["--bind", files.sockets, INSIDE.sockets],
    ...["--info-fd", String(INFO_FD)],
  ];
}
