import { dirname, join, relative } from "node:path";
import type { Command } from "../sandbox/Sandbox.ts";

const ROOT = join(import.meta.dirname, "../../../..");

/**
 * A command of root's that runs a program of this repository's as nobody, in mounts of its own: the repository under a
 * path that nobody may enter, and a `/dev/net/tun` that all may open, as udev makes it and some machines do not.
 *
 * @param home - a directory of the test's own.
 */
export function asNobody(home: string, program: string, args: readonly string[]): Command {
  const mounts = `set -e
    mkdir -p "$1/repo"; mount --bind "$2" "$1/repo"
    mknod "$1/tun" c 10 200; chmod 666 "$1/tun"; mount --bind "$1/tun" /dev/net/tun
    shift 2; exec setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"`;
  const inside = (path: string) => join(home, "repo", relative(ROOT, path));
  const node = process.execPath.startsWith(ROOT) ? inside(process.execPath) : process.execPath;
  return {
    file: "/usr/bin/unshare",
    args: [
      ...["--mount", "/bin/sh", "-c", mounts, "sh", home, ROOT],
      ...[node, "--conditions=source", "--no-warnings", inside(program), ...args],
    ],
  };
}

/** Where programs for tests are. */
export const TESTING: string = dirname(import.meta.filename);
