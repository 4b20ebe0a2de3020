import { cellEnvironment } from "./cellEnvironment.ts";
import { findCertificates } from "./findCertificates.ts";
import { type CellFiles, FILTER_FD, INFO_FD, type Sandbox, type User, type Wrap } from "./Sandbox.ts";

const INSIDE = { folder: "/deployment", config: "/cell.capnp", sockets: "/s", state: "/state" } as const;

/** What the binary needs to run at all: the C library. */
const SYSTEM = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"];

/** To speak TLS with names. */
const CERTIFICATES = "/certificates.pem";

/** Made before what lies in them: bwrap would make them for its own user alone. */
const PARENTS = ["/etc", "/usr"];

/** `nobody`, who owns nothing. */
export const NOBODY: User = { uid: 65534, gid: 65534 };

export interface BwrapOptions {
  readonly bwrap: string;
  readonly workerd: string;
  /**
   * util-linux's, where the agent is root: it becomes `nobody` for real then. Without it the process has a user
   * namespace in which it is called nobody, and outside it is the agent's user without rights.
   */
  readonly setpriv?: string | undefined;
  /** A seccomp program. */
  readonly filter?: Uint8Array | undefined;
  /** The resolver's configuration that cells get. */
  readonly resolvConf?: string | undefined;
  /** Where it starts. */
  readonly wrap?: Wrap | undefined;
}

/**
 * Own pid, ipc, uts and mount namespaces with nothing in them but workerd, the system's libraries and the cell's own
 * files. Only the sockets and the state can be written to: not `/tmp` and `/dev`, which would be memory that no one
 * counts, and not `/proc`, whose `sys/kernel/core_pattern` root may write to even without its capabilities. No capabilities, no new privileges.
 *
 * In a user namespace workerd is pid 1 (`--as-pid-1`): bwrap's own init would leave it without a SIGTERM. As nobody it
 * is not: a bwrap without capabilities may not kill what is another user's, so that the agent's death would leave
 * workerd running; the end of an init ends its namespace whoever lives in it.
 */
export function bwrapSandbox(options: BwrapOptions): Sandbox {
  const { bwrap, workerd, setpriv, filter, wrap = (command) => command } = options;
  const { resolvConf = "/etc/resolv.conf" } = options;
  const bundle = findCertificates();
  const environment = cellEnvironment(bundle === undefined ? undefined : CERTIFICATES);
  return {
    kind: "bwrap",
    seccomp: filter !== undefined,
    reportsPid: true,
    hasInit: setpriv !== undefined,
    ...(setpriv === undefined ? {} : { user: NOBODY }),
    inside: ({ state }) => {
      const { folder, config, sockets } = INSIDE;
      return { folder, config, sockets, ...(state === undefined ? {} : { state: INSIDE.state }) };
    },
    command: (args, files) =>
      wrap({
        file: bwrap,
        args: [
          ...(setpriv === undefined ? OWN_USERS : RIGHTS_TO_BECOME_NOBODY),
          ...[
            "--unshare-pid",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--hostname",
            "cell",
          ],
          ...["--die-with-parent", "--new-session", ...(setpriv === undefined ? ["--as-pid-1"] : [])],
          "--clearenv",
          ...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
          ...["--chdir", "/"],
          ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
          ...["/proc", "/dev", "/tmp"].flatMap((path) => ["--remount-ro", path]),
          ...PARENTS.flatMap((path) => ["--dir", path]),
          ...SYSTEM.flatMap((path) => ["--ro-bind-try", path, path]),
          ...(bundle === undefined ? [] : ["--ro-bind", bundle, CERTIFICATES]),
          ...["--ro-bind-try", resolvConf, "/etc/resolv.conf"],
          ...["--ro-bind", workerd, "/workerd"],
          ...(setpriv === undefined ? [] : ["--ro-bind", setpriv, "/setpriv"]),
          ...(files === undefined ? [] : binds(files)),
          ...(filter === undefined ? [] : ["--seccomp", String(FILTER_FD)]),
          ...["--remount-ro", "/", "--"],
          ...(setpriv === undefined ? [] : BECOME_NOBODY),
          ...["/workerd", ...args],
        ],
        ownGroup: true,
        ...(filter === undefined ? {} : { filter }),
      }),
  };
}

const OWN_USERS = [
  ...["--unshare-user", "--uid", String(NOBODY.uid), "--gid", String(NOBODY.gid)],
  ...["--disable-userns", "--cap-drop", "ALL"],
];

const RIGHTS_TO_BECOME_NOBODY = [
  ...["--cap-drop", "ALL"],
  ...["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"].flatMap((name) => ["--cap-add", name]),
];

const BECOME_NOBODY = [
  ...["/setpriv", "--reuid", String(NOBODY.uid), "--regid", String(NOBODY.gid), "--clear-groups"],
  ...["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"],
  ...["--no-new-privs", "--"],
];

function binds(files: CellFiles): string[] {
  return [
    ...["--ro-bind", files.folder, INSIDE.folder],
    ...["--ro-bind", files.config, INSIDE.config],
    ...["--bind", files.sockets, INSIDE.sockets],
    ...(files.state === undefined ? [] : ["--bind", files.state, INSIDE.state]),
    ...["--info-fd", String(INFO_FD)],
  ];
}
