import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HOST_FILES } from "./initramfs.ts";

export interface EmulatorOptions {
  /** Absolute path of `qemu-system-x86_64`. */
  readonly program: string;
  readonly kernel: string;
  readonly initramfs: string;
  /** For the kernel's messages; an existing folder. */
  readonly home: string;
}

/** A running emulator. */
export interface Emulator {
  /** What the guest wrote to its second serial port so far. */
  said(): string;
  /** Until the guest says this, the emulator has ended or the time is over. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray | "ended" | "late">;
  /** The last lines of the kernel and the emulator. */
  lastMessages(): Promise<string>;
  /** Ends it, and waits until it is gone. Never rejects. */
  end(): Promise<void>;
}

/** How many lines are told of a kernel that is in trouble: those of a panic and some before. */
const LAST_LINES = 80;

/**
 * Messages go to the first serial port, a panic ends the emulator. Without `no_timer_check` the kernel counts its timer's
 * ticks at boot, and panics where a busy machine lets the emulator rest meanwhile.
 */
const KERNEL_PARAMETERS = "console=ttyS0 panic=-1 no_timer_check";

/**
 * Starts a machine whose processor is emulated by software. That asks nothing of the real processor, so it works on every
 * one, and inside of a virtual machine too.
 *
 * The machine has one processor. Of two, one spins while it waits for the other to flush its translations, and where this
 * machine has no free core for each of them that is most of what they do: loading 1,000 modules took 250 s of CPU time on
 * two, 40 s on one.
 */
export function startEmulator({ program, kernel, initramfs, home }: EmulatorOptions): Emulator {
  const console = join(home, "console");
  const args = [
    ...["-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "1536"],
    ...["-nodefaults", "-display", "none", "-no-reboot"],
    ...["-serial", `file:${console}`, "-serial", "stdio"],
    ...["-kernel", kernel, "-initrd", initramfs, "-append", KERNEL_PARAMETERS],
    ...["-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap"],
    ...["-device", `virtio-9p-pci,fsdev=host,mount_tag=${HOST_FILES}`],
  ];
  // The kernel ends it when this process ends, however that is. setpriv becomes the emulator: the pid is the emulator's.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let complaints = "";
  let isOver = false;
  // The guest's serial port is a terminal, which ends lines with CR and LF.
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text.replaceAll("\r", "");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const over = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      complaints += `setpriv does not start: ${error.message}\n`;
      resolve();
    });
    child.once("close", () => resolve());
  }).then(() => {
    isOver = true;
  });

  return {
    said: () => said,
    async waitFor(pattern, timeoutMs) {
      const signal = AbortSignal.timeout(timeoutMs);
      for (;;) {
        const match = pattern.exec(said);
        if (match !== null) return match;
        if (isOver) return "ended";
        if (signal.aborted) return "late";
        const more = once(child.stdout, "data", { signal }).catch(() => undefined);
        await Promise.race([more, over]);
      }
    },
    async lastMessages() {
      const messages = await readFile(console, "utf8").catch(() => "");
      const lines = `${messages.replaceAll("\r", "")}${complaints}`.trimEnd().split("\n");
      return lines.slice(-LAST_LINES).join("\n");
    },
    async end() {
      if (!isOver) child.kill("SIGKILL");
      await over;
    },
  };
}
