/** An agent that makes a cell's group with a process in it, says its pid, and lives on: for tests that kill it. Argument: record. */
import { spawn } from "node:child_process";
import { openCgroups } from "../cgroup/openCgroups.ts";

const [recordPath = ""] = process.argv.slice(2);
const cgroups = await openCgroups({ nodeId: 8, recordPath });
if (cgroups.memory === "none") throw new Error(cgroups.notes.join());
const limits = { memoryBytes: 64 * 1024 * 1024, pids: 16, cpuWeight: 100, cpuCores: 1 };
const group = await cgroups.create("0b0b0b0b", limits);
const { file, args } = group.wrap({ file: "/bin/sh", args: ["-c", "echo in; exec sleep 60"] });
const cell = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
// It is in the group as soon as it says so.
cell.stdout.once("data", () => process.stdout.write(`${cell.pid}\n`));
