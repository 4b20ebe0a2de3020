import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { chown, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { makeTemporary } from "../testing/makeFolder.ts";
import { bwrapSandbox, NOBODY } from "./bwrapSandbox.ts";
import { findProgram } from "./findProgram.ts";
import { giveFilter } from "./giveFilter.ts";
import type { Command } from "./Sandbox.ts";
import { DENIED_CALLS } from "./seccomp/deniedCalls.ts";
import { seccompFilter } from "./seccomp/seccompFilter.ts";

const run = promisify(execFile);
const EPERM = 1;
const SIGSYS = 31;
const { arch } = process;
if (arch !== "x64" && arch !== "arm64") throw new Error(`no filter for ${arch}`);
const column = arch === "x64" ? 0 : 1;
const CALLS = { socket: [41, 198][column], clone: [56, 220][column], clone3: 435 };

/** workerd gives workers no files and no system calls; so programs of the tests' own take its place in its sandbox. */
describe("what runs in the place of workerd", function () {
  this.timeout(60_000);
  const isRoot = process.getuid?.() === 0;
  let home: string;
  let probe: string;

  before(async () => {
    home = await makeTemporary();
    chmodSync(home, 0o755);
    probe = join(home, "probe");
    const source = new URL("seccomp/testing/probe.c", import.meta.url).pathname;
    await run("cc", ["-O1", "-static", "-o", probe, source]);
  });
  after(() => rm(home, { recursive: true, force: true }));

  async function inSandbox(
    program: string,
    args: readonly string[],
    {
      filtered = true,
      rooted = isRoot,
      files,
    }: { filtered?: boolean; rooted?: boolean; files?: string } = {},
  ): Promise<string> {
    const setpriv = rooted ? await findProgram("setpriv") : undefined;
    const sandbox = bwrapSandbox({
      bwrap: (await findProgram("bwrap")) ?? assert.fail("bwrap is not installed"),
      workerd: program,
      setpriv,
      filter: filtered ? seccompFilter(arch as "x64" | "arm64") : undefined,
    });
    const paths =
      files === undefined
        ? undefined
        : {
            folder: join(files, "folder"),
            config: join(files, "config"),
            sockets: join(files, "s"),
            state: join(files, "kept"),
          };
    return output(sandbox.command(args, paths));
  }

  async function output(command: Command): Promise<string> {
    const child = spawn(command.file, command.args, {
      stdio: ["ignore", "pipe", "pipe", "ignore", "pipe", command.filter === undefined ? "ignore" : "pipe"],
    });
    giveFilter(child, command);
    assert.ok(child.stdout && child.stderr);
    const [said, complaint] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    assert.equal(complaint, "");
    return said;
  }

  const numbers = Object.values(DENIED_CALLS).flatMap(({ [column]: number }) =>
    number === null ? [] : [number],
  );

  for (const rooted of isRoot ? [true, false] : [false]) {
    describe(rooted ? "as nobody" : "in a user namespace", () => {
      it("is denied every system call of the list, by the filter", async () => {
        const said = await inSandbox(probe, numbers.map(String), { rooted });
        assert.deepEqual(
          said.trim().split("\n"),
          numbers.map((number) => `${number} ${EPERM}`),
        );
        // Without the filter the kernel looks at what was asked: it is the filter that denies.
        const open = await inSandbox(probe, numbers.map(String), { rooted, filtered: false });
        const others = open
          .trim()
          .split("\n")
          .filter((line) => !line.endsWith(` ${EPERM}`));
        assert.ok(others.length > 20, open);
      });

      it("makes no namespaces, and sockets of the internet's kind only", async () => {
        const { socket, clone, clone3 } = CALLS;
        const attempts: readonly (readonly [call: string, errno: number])[] = [
          [`${socket},2,1,0`, 0],
          [`${socket},10,2,17`, 0],
          [`${socket},1,1,0`, 0],
          [`${socket},16,3,0`, 0],
          [`${socket},16,3,12`, EPERM], // nftables
          [`${socket},17,3,0`, EPERM], // packets
          [`${socket},2,3,255`, EPERM], // raw
          [`${socket},38,5,0`, EPERM], // the kernel's cryptography
          [`${socket},40,1,0`, EPERM], // the hypervisor
          [`${clone},0x10000011,0,0,0,0`, EPERM],
          [`${clone},0x40000011,0,0,0,0`, EPERM],
          [`${clone3}`, 38],
        ];
        const said = await inSandbox(
          probe,
          attempts.map(([call]) => call),
          { rooted },
        );
        assert.deepEqual(
          said.trim().split("\n"),
          attempts.map(([call, errno]) => `${call.split(",")[0]} ${errno}`),
        );
      });

      if (arch === "x64") {
        it("is killed when it calls in the way of x32", async () => {
          const getpid = 0x40000000 + 39;
          assert.equal(
            (await inSandbox(probe, [String(getpid)], { rooted })).trim(),
            `${getpid} signal ${SIGSYS}`,
          );
        });
      }

      it("sees no other process, no file of the machine or of a neighbour, and writes only where it may", async () => {
        const state = join(home, `state-${rooted}`);
        for (const cell of ["mine", "theirs"]) {
          for (const folder of ["folder", "s", "kept"])
            mkdirSync(join(state, cell, folder), { recursive: true });
          writeFileSync(join(state, cell, "config"), "");
          writeFileSync(join(state, cell, "folder", "secret"), cell);
          if (!rooted) continue;
          for (const own of ["s", "kept"]) await chown(join(state, cell, own), NOBODY.uid, NOBODY.gid);
        }
        writeFileSync(join(state, "operator.key"), "0x01", { mode: 0o600 });
        const admin = createServer().listen(join(state, "admin.sock"));
        const victim = spawn("sleep", ["60"], { env: { SECRET: "of another process" }, stdio: "ignore" });
        try {
          const script = `
            sub say { print join(" ", @_), "\\n" }
            sub readable { my $f; open($f, "<", $_[0]) && defined(my $l = <$f>) ? "read" : "no" }
            sub writable { my $f; open($f, ">>", $_[0]) ? "written" : "no" }
            opendir(my $proc, "/proc"); my @pids = grep { /^\\d+$/ && $_ > 9 } readdir $proc;
            say("pids", scalar @pids);
            say("folder", readable("/deployment/secret"));
            for my $path ("/etc/passwd", "/etc/shadow", "/root", "${state}/operator.key", "${state}/admin.sock",
              "${state}/theirs/folder/secret", "/deployment/../theirs/folder/secret", "/proc/${victim.pid}/environ",
              "/proc/kcore", "/sys/kernel/notes", "/dev/mem", "/run", "/home") {
              say($path, -e $path && ! -d $path ? readable($path) : -d $path ? "there" : "absent");
            }
            for my $path ("/s/own", "/state/own", "/deployment/x", "/cell.capnp", "/workerd", "/usr/lib/x", "/certificates.pem", "/tmp/x",
              "/dev/shm/x", "/dev/x", "/x", "/proc/sys/kernel/core_pattern", "/proc/self/../sysrq-trigger") {
              say($path, writable($path));
            }
            say("signal", kill(0, ${victim.pid}) ? "reached" : "no");
          `;
          const found = new Map<string, string>();
          const said = await inSandbox("/usr/bin/perl", ["-e", script], {
            rooted,
            files: join(state, "mine"),
          });
          for (const line of said.trim().split("\n")) {
            const [what = "", how = ""] = line.split(" ");
            found.set(what, how);
          }
          assert.equal(found.get("pids"), "0");
          assert.equal(found.get("folder"), "read");
          assert.equal(found.get("/s/own"), "written");
          assert.equal(found.get("/state/own"), "written");
          assert.equal(found.get("signal"), "no");
          for (const [what, how] of found) {
            if (["pids", "folder", "/s/own", "/state/own", "signal"].includes(what)) continue;
            assert.ok(["absent", "no"].includes(how), `${what}: ${how}`);
          }
          assert.equal(found.size, 29);
          assert.ok(existsSync(join(state, "mine", "s", "own")));
          assert.ok(existsSync(join(state, "mine", "kept", "own")));
          assert.equal(readFileSync(join(state, "theirs", "folder", "secret"), "utf8"), "theirs");
        } finally {
          victim.kill("SIGKILL");
          admin.close();
        }
      });
    });
  }
});
