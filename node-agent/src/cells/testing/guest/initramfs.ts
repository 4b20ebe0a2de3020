import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { chmod, cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { KernelFiles } from "./kernelFiles.ts";

/** The name under which the emulator offers this machine's files. */
export const HOST_FILES = "host";
/** The guest's second serial port is for the command and for what is said of it; the kernel writes to the first. */
const PORT = "/dev/ttyS1";
const SAYS = { up: "the guest is up", end: "the guest ends with" } as const;
/** Said when the command starts. */
export const UP: RegExp = new RegExp(`^${SAYS.up}\\n`, "m");
/** Said when the command has ended, with its exit code, on a line of its own whatever the command printed last. */
export const END: RegExp = new RegExp(`\\n${SAYS.end} (\\d+)\\n$`);

export interface GuestCommand {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/**
 * Writes what the kernel unpacks into memory and starts: a busybox, the modules, and `/init`, which goes over to this
 * machine's files and runs the command there. Gives the archive's path.
 *
 * Source: Linux, Documentation/filesystems/ramfs-rootfs-initramfs.rst.
 */
export async function buildInitramfs(home: string, files: KernelFiles, guest: GuestCommand): Promise<string> {
  const tree = join(home, "initramfs");
  for (const folder of ["bin", "dev", "root"]) await mkdir(join(tree, folder), { recursive: true });
  await cp(files.busybox, join(tree, "bin/busybox"));
  await cp(files.modules, join(tree, "modules"), { recursive: true });
  await writeFile(join(tree, "init"), INIT);
  await writeFile(join(tree, "run"), runScript(guest));
  await chmod(join(tree, "init"), 0o700);

  const archive = `${tree}.cpio`;
  // The kernel wants a folder before what is in it.
  const names = (await readdir(tree, { recursive: true })).sort();
  const cpio = spawn(files.busybox, ["cpio", "-o", "-H", "newc"], { cwd: tree });
  cpio.stdin.end(names.join("\n"));
  const [code, problem] = await Promise.all([
    new Promise<number | null>((resolve, reject) => {
      cpio.once("error", reject);
      cpio.once("close", resolve);
    }),
    text(cpio.stderr),
    pipeline(cpio.stdout, createWriteStream(archive)),
  ]);
  if (code !== 0) throw new Error(`the guest's first files are not packed: ${problem}`);
  return archive;
}

/**
 * The first program, in memory. Where a line fails it ends, and the kernel panics and says so.
 *
 * `switch_root` and not `chroot`: the kernel lets no process in a chroot make a user namespace, and bwrap needs one.
 * `cache=loose` keeps what was read in the guest's memory, which is right as long as nobody changes the files meanwhile.
 */
const INIT = `#!/bin/busybox sh
set -e
busybox mount -t devtmpfs dev /dev
for module in /modules/*; do busybox insmod "$module"; done
busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=512000,cache=loose ${HOST_FILES} /root
exec busybox switch_root /root /bin/sh -c "$(busybox cat /run)"
`;

/**
 * What the first program becomes on this machine's files. The command gets a control group of its own, as a service with
 * `Delegate=yes` does. Afterwards nothing happens any more: whoever started the emulator ends it.
 */
function runScript({ command, cwd, env = {} }: GuestCommand): string {
  const variables = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", TMPDIR: "/run", HOME: "/run", ...env };
  return `set -e
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mount -t cgroup2 cgroup /sys/fs/cgroup
exec > ${PORT} 2>&1 < /dev/null
echo "+cpu +memory +pids" > /sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/worker3.service
cd ${quoted(cwd)}
echo "${SAYS.up}"
code=0
env -i ${Object.entries(variables)
    .map(([name, value]) => quoted(`${name}=${value}`))
    .join(" ")} \\
  sh -c 'echo $$ > /sys/fs/cgroup/worker3.service/cgroup.procs && exec "$@"' sh \\
  ${command.map(quoted).join(" ")} || code=$?
printf '\\n%s %s\\n' '${SAYS.end}' "$code"
while true; do sleep 60; done
`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
