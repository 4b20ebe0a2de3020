import { rm } from "node:fs/promises";
import { findProgram } from "../../sandbox/findProgram.ts";
import { makeTemporary } from "../makeFolder.ts";
import { startEmulator } from "./emulator.ts";
import { buildInitramfs, END, type GuestCommand, UP } from "./initramfs.ts";
import { KERNEL_FOLDER, type KernelFiles, kernelFilesIn, missingKernelFiles } from "./kernelFiles.ts";

const EMULATOR = "qemu-system-x86_64";
/** About 10 s on an idle machine; on one that has ten other things to do, more than a minute. */
const BOOT_TIMEOUT_MS = 300_000;

export interface KernelRunOptions extends Omit<GuestCommand, "command"> {
  /** For the command, from its start. */
  readonly timeoutMs: number;
  /** For the kernel, until the command starts. */
  readonly bootTimeoutMs?: number;
  /** Name of a program; default: qemu's. */
  readonly emulator?: string;
  /** Default: what the installer brought. */
  readonly files?: KernelFiles;
}

export interface KernelRun {
  /** Exit code of the command. */
  readonly code: number;
  /** What it printed, on both of its outputs. */
  readonly output: string;
}

export type GuestErrorCode =
  /** The emulator or the kernel is not on this machine. */
  | "GUEST_NOT_INSTALLED"
  /** The kernel did not come so far that the command started: not in time, or never. */
  | "GUEST_NOT_UP"
  /** The command did not end in time. */
  | "GUEST_COMMAND_HANGS"
  /** The kernel ended before the command did. */
  | "GUEST_DIED";

/** Why there is no exit code. The message ends with what kernel and command printed. */
export class GuestError extends Error {
  readonly code: GuestErrorCode;

  constructor(code: GuestErrorCode, message: string) {
    super(message);
    this.name = "GuestError";
    this.code = code;
  }
}

/**
 * Runs a command as root of another kernel: Debian's, in an emulator. It sees the files of this machine, read only; `/run` is
 * its own, and it has version 2 of control groups alone. The command is in a group of its own, as a service with
 * `Delegate=yes` is. All takes ten to twenty times as long there, and there is one processor.
 *
 * When it returns nothing of the guest is left.
 *
 * @throws {GuestError}
 */
export async function runInKernel(
  command: readonly string[],
  { timeoutMs, bootTimeoutMs = BOOT_TIMEOUT_MS, ...options }: KernelRunOptions,
): Promise<KernelRun> {
  const { emulator = EMULATOR, files = kernelFilesIn(KERNEL_FOLDER) } = options;
  const program = await findProgram(emulator);
  const missing = [...(program === undefined ? [emulator] : []), ...(await missingKernelFiles(files))];
  if (program === undefined || missing.length > 0) {
    const next = "`npx node scripts/interop/installCellTools.ts` installs what is missing";
    throw new GuestError("GUEST_NOT_INSTALLED", `There is no ${missing.join(", no ")}: ${next}.`);
  }

  const home = await makeTemporary();
  try {
    const initramfs = await buildInitramfs(home, files, { command, ...options });
    const guest = startEmulator({ program, kernel: files.kernel, initramfs, home });
    try {
      const up = await guest.waitFor(UP, bootTimeoutMs);
      if (typeof up === "string") {
        const how = up === "late" ? `is not up after ${bootTimeoutMs} ms` : "ends before it is up";
        const messages = `${await guest.lastMessages()}\n${guest.said()}`;
        throw new GuestError("GUEST_NOT_UP", `The guest's kernel ${how}:\n${messages}`);
      }
      const end = await guest.waitFor(END, timeoutMs);
      const output = guest
        .said()
        .slice(up.index + up[0].length, typeof end === "string" ? undefined : end.index);
      if (end === "late") {
        const problem = `\`${command.join(" ")}\` has not ended after ${timeoutMs} ms in the guest. It printed:`;
        throw new GuestError("GUEST_COMMAND_HANGS", `${problem}\n${output}`);
      }
      if (end === "ended") {
        const problem = `The guest ended before \`${command.join(" ")}\` did. It printed:\n${output}`;
        throw new GuestError(
          "GUEST_DIED",
          `${problem}\nThe kernel's last words:\n${await guest.lastMessages()}`,
        );
      }
      return { code: Number(end[1]), output };
    } finally {
      await guest.end();
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
