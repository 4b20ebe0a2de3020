import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { makeTemporary } from "../makeFolder.ts";

const END = "the guest ends with";

export interface KernelRun {
  /** Exit code of the command; undefined where the kernel did not come so far. */
  readonly code: number | undefined;
  /** What the kernel and the command printed. */
  readonly output: string;
}

/**
 * Runs a command as root of another kernel: User-mode Linux, a program like any other. It sees the files of this machine,
 * read only; `/run` is its own, and it has version 2 of control groups alone. The command is in a group of its own, as
 * a service with `Delegate=yes` is.
 *
 * What needs an address space of 48 bits, as workerd does, does not run there.
 */
export async function runInKernel(
  command: readonly string[],
  { cwd, timeoutMs }: { cwd: string; timeoutMs: number },
): Promise<KernelRun> {
  const home = await makeTemporary();
  const init = join(home, "init");
  await writeFile(init, script(command, cwd), { mode: 0o700 });
  const args = [
    ...["root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", `init=${init}`, "quiet"],
    ...["mem=1G", "con=null", "con0=null,fd:1", "umid=guest", `uml_dir=${home}`],
  ];
  // What it starts are its own processes here: they end with it.
  const kernel = spawn("linux.uml", args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
  const ended = new Promise<void>((resolve, reject) => {
    kernel.once("close", () => resolve());
    kernel.once("error", reject);
  });
  const kill = () => {
    if (kernel.pid !== undefined) process.kill(-kernel.pid, "SIGKILL");
  };
  const deadline = setTimeout(kill, timeoutMs);
  try {
    const [output] = await Promise.all([text(kernel.stdout), ended]);
    const code = new RegExp(`^${END} (\\d+)\\r?$`, "m").exec(output)?.[1];
    return { code: code === undefined ? undefined : Number(code), output };
  } finally {
    clearTimeout(deadline);
  }
}

function script(command: readonly string[], cwd: string): string {
  return `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/run HOME=/run
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
mount -t cgroup2 cgroup /sys/fs/cgroup
echo "+cpu +memory +pids" > /sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/worker3.service
cd ${quoted(cwd)}
sh -c 'echo $$ > /sys/fs/cgroup/worker3.service/cgroup.procs; exec "$@"' sh ${command.map(quoted).join(" ")}
echo "${END} $?"
echo o > /proc/sysrq-trigger
sleep 60
`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
