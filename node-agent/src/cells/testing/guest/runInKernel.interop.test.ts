import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { childrenOf } from "../../../process/childrenOf.ts";
import { identifyProcess, isRunning } from "../../../process/processIdentity.ts";
import { until } from "../../../testing/until.ts";
import { makeTemporary } from "../makeFolder.ts";
import { KERNEL_FOLDER, kernelFilesIn } from "./kernelFiles.ts";
import { GuestError, type GuestErrorCode, runInKernel } from "./runInKernel.ts";

const installed = kernelFilesIn(KERNEL_FOLDER);

describe("a command in the guest", function () {
  this.timeout(600_000);
  let home: string;

  before(async () => {
    home = await makeTemporary();
  });
  after(() => rm(home, { recursive: true, force: true }));
  afterEach(() => assert.deepEqual(emulatorsOf(process.pid), []));

  it("ends with its own exit code, and what it printed is told", async () => {
    const command = ["/bin/sh", "-c", 'echo "out $PWD $WORD"; printf err >&2; exit 7'];
    const run = await runInKernel(command, { cwd: home, env: { WORD: "it's" }, timeoutMs: 300_000 });
    assert.deepEqual(run, { code: 7, output: `out ${home} it's\nerr` });
  });

  it("is ended when it hangs, and what it printed is told", async () => {
    const command = ["/bin/sh", "-c", "echo before; sleep 1000"];
    const error = await rejects("GUEST_COMMAND_HANGS", runInKernel(command, { cwd: home, timeoutMs: 2_000 }));
    assert.match(error.message, /sleep 1000` has not ended after 2000 ms[\s\S]*\nbefore\n$/);
  });

  it("is given up when its kernel dies: the last words of both are told", async () => {
    const command = ["/bin/sh", "-c", "echo before; echo c > /proc/sysrq-trigger"];
    const { message } = await rejects("GUEST_DIED", runInKernel(command, { cwd: home, timeoutMs: 300_000 }));
    assert.match(message, /sysrq-trigger` did. It printed:\nbefore\n/);
    assert.match(message, /Kernel panic/);
  });

  it("is not begun where emulator or kernel are missing: the installer is named", async () => {
    const options = { cwd: home, timeoutMs: 1_000 };
    const noEmulator = runInKernel(["true"], { ...options, emulator: "qemu-system-none" });
    const said = await rejects("GUEST_NOT_INSTALLED", noEmulator);
    assert.match(said.message, /^There is no qemu-system-none: .*installCellTools\.ts/);
    const noKernel = runInKernel(["true"], { ...options, files: kernelFilesIn(join(home, "nowhere")) });
    assert.match((await rejects("GUEST_NOT_INSTALLED", noKernel)).message, /nowhere\/vmlinuz/);
  });

  it("is not begun where the kernel does not come up: its last words are told", async () => {
    const options = { cwd: home, timeoutMs: 1_000 };
    const late = await rejects("GUEST_NOT_UP", runInKernel(["true"], { ...options, bootTimeoutMs: 500 }));
    assert.match(late.message, /is not up after 500 ms/);

    const noKernel = join(home, "no-kernel");
    await writeFile(noKernel, "this is no kernel");
    const files = { ...installed, kernel: noKernel };
    const refused = await rejects("GUEST_NOT_UP", runInKernel(["true"], { ...options, files }));
    assert.match(refused.message, /ends before it is up:\n.*qemu/);

    const modules = join(home, "modules");
    await cp(installed.modules, modules, { recursive: true });
    await writeFile(join(modules, "00-broken.ko"), "this is no module");
    const panics = runInKernel(["true"], { ...options, files: { ...installed, modules } });
    const { message } = await rejects("GUEST_NOT_UP", panics);
    assert.match(message, /00-broken\.ko/);
    assert.match(message, /Kernel panic/);
  });

  it("does not outlive who began it, not even one that is killed", async () => {
    const script = `import { runInKernel } from ${JSON.stringify(join(import.meta.dirname, "runInKernel.ts"))};
      await runInKernel(["sleep", "1000"], { cwd: "/", timeoutMs: 1_000_000 });`;
    const args = ["--conditions=source", "--no-warnings", "--input-type=module-typescript", "-e", script];
    const begun = spawn(process.execPath, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, TMPDIR: home },
    });
    const exited = once(begun, "exit");
    const [emulator] = await until("an emulator", () => {
      const found = emulatorsOf(begun.pid ?? Number.NaN);
      return found.length === 0 ? undefined : found;
    });
    const identity = identifyProcess(emulator ?? Number.NaN);
    assert.ok(identity);
    begun.kill("SIGKILL");
    await exited;
    await until("the emulator's end", () => !isRunning(identity));
  });
});

async function rejects(code: GuestErrorCode, run: Promise<unknown>): Promise<GuestError> {
  const error = await run.then(
    () => assert.fail(`nothing was thrown; expected ${code}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GuestError)) throw error;
  assert.equal(error.code, code, error.message);
  return error;
}

function emulatorsOf(pid: number): number[] {
  return childrenOf(pid).filter((child) => readFileSync(`/proc/${child}/comm`, "utf8").startsWith("qemu"));
}
