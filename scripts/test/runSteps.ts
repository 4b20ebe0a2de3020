import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** One command of a test run. Its tests are counted by what its runner prints; a command without tests counts as one. */
export interface Step {
  name: string;
  command: readonly [string, ...string[]];
}

/** Steps that follow each other, or lanes of steps that run side by side. */
export type Stage = Step | { readonly lanes: readonly (readonly Step[])[] };

interface Outcome {
  name: string;
  passed: number;
  failed: number;
  seconds: number;
  /** What was printed of the failures; empty where nothing failed. */
  report: string;
}

/** Characters of a step's failures that are printed again at the end. */
const maxReport = 8_000;

/**
 * Runs every step, also after one that failed, and ends with what failed once more, a table and the line `N passed, N failed`.
 * The exit code is 1 where anything failed. Code of the workspace is imported from its sources, not from what was built of it.
 */
export async function runSteps(stages: readonly Stage[]): Promise<void> {
  const started = Date.now();
  const outcomes: Outcome[] = [];
  for (const stage of stages) {
    if (!("lanes" in stage)) {
      outcomes.push(await runStep(stage, { live: true }));
      continue;
    }
    const lanes = await Promise.all(stage.lanes.map((steps) => runLane(steps)));
    outcomes.push(...lanes.flat());
  }

  const sum = (key: "passed" | "failed") => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  for (const { name, report } of outcomes) {
    if (report !== "") console.log(`\n=== failed: ${name}\n${report}\n=== end`);
  }
  console.log("");
  for (const { name, passed, failed, seconds } of outcomes) {
    console.log(
      `${failed === 0 ? "ok  " : "FAIL"}  ${name.padEnd(28)} ${passed} passed, ${failed} failed  ${seconds} s`,
    );
  }
  console.log(`\nin ${Math.round((Date.now() - started) / 1000)} s`);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = sum("failed") === 0 ? 0 : 1;
}

async function runLane(steps: readonly Step[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of steps) outcomes.push(await runStep(step, { live: false }));
  return outcomes;
}

/** @param options.live Prints as it comes; else when it is over, so that lanes do not mix. */
async function runStep(
  { name, command: [file, ...args] }: Step,
  { live }: { live: boolean },
): Promise<Outcome> {
  const title = `\n=== ${name}: ${[file, ...args].join(" ")}`;
  console.log(live ? title : `... ${name}`);
  const started = Date.now();
  const child = spawn(file, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "--conditions=source", FORCE_COLOR: "0", NO_COLOR: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
      if (live) process.stdout.write(text);
    });
  }
  const ok = await new Promise<boolean>((resolve) => {
    child.on("error", (error) => {
      console.error(`${file} did not start: ${error.message}`);
      resolve(false);
    });
    child.on("close", (code) => resolve(code === 0));
  });
  if (!live) console.log(`${title}\n${output}`);

  const passed = count(output, /^\s*(\d+) passing/gm);
  const failed = count(output, /^\s*(\d+) failing/gm);
  const seconds = Math.round((Date.now() - started) / 1000);
  const report = ok ? "" : failuresOf(output);
  if (passed + failed === 0) return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, seconds, report };
  // A runner that fails without a failing test (a crash, a time-out) is a failure too.
  return { name, passed, failed: ok ? failed : Math.max(failed, 1), seconds, report };
}

/** From the count of failures on, behind which runners tell of each; of a command that counts none, its last lines. */
function failuresOf(output: string): string {
  const start = output.search(/^\s*\d+ failing/m);
  return (start < 0 ? output.slice(-maxReport) : output.slice(start, start + maxReport)).trim();
}

function count(output: string, pattern: RegExp): number {
  return [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
}
