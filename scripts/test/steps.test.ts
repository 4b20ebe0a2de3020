import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import type { Step } from "./chooseSteps.ts";
import { TYPICAL_DURATIONS } from "./durations.ts";
import { INTEROP_STEPS } from "./interopSteps.ts";
import { planLanes } from "./lanes.ts";
import { STEPS } from "./steps.ts";

const root = join(import.meta.dirname, "../..");
const ALL = [...STEPS, ...INTEROP_STEPS];

/** The test files that a step of mocha runs, from the root. */
function filesOf({ command: [program, ...args] }: Step): string[] {
  if (program !== "mocha") return [];
  const ignored = args.filter((_, i) => args[i - 1] === "--ignore");
  const patterns = args.filter(
    (arg, i) => !arg.startsWith("--") && !["--ignore", "--jobs"].includes(args[i - 1] ?? ""),
  );
  return globSync(patterns, { cwd: root }).filter(
    (file) => !ignored.some((pattern) => matchesGlob(file, pattern)),
  );
}

describe("the steps", () => {
  for (const [what, steps] of [
    ["npm test", STEPS],
    ["interop", INTEROP_STEPS],
  ] as const) {
    it(`of ${what} have names of their own, and need steps that there are`, () => {
      const names = new Set(steps.map(({ name }) => name));
      assert.equal(names.size, steps.length);
      for (const { needs = [] } of steps) for (const need of needs) assert.ok(names.has(need), need);
      assert.equal(planLanes(steps, 2, () => 1).length, steps.length);
    });
  }

  it("run every test file in exactly one step, but for those that interop runs once more in whole", () => {
    const everywhere = ["{sdk,node-agent,cli}/src/**/*.test.ts", "{scripts,test}/**/*.test.ts"];
    const files = globSync(everywhere, { cwd: root }).filter(
      (file) => !file.includes("node_modules") && !file.startsWith("test/contracts/"),
    );
    assert.ok(files.length > 200, `${files.length} files`);
    const runs = ALL.filter(({ env }) => env === undefined).flatMap(filesOf);
    assert.deepEqual([...runs].sort(), [...files].sort());
  });

  it("that are whole in interop are short in npm test", () => {
    const short = STEPS.flatMap(filesOf);
    const whole = INTEROP_STEPS.filter(({ env }) => env?.WORKER3_TESTS === "whole").flatMap(filesOf);
    assert.ok(whole.length > 0);
    for (const file of whole) {
      assert.ok(short.includes(file), file);
      assert.match(readFileSync(join(root, file), "utf8"), /testSize[(<]/, file);
    }
  });

  it("have a typical duration each, and nothing else has", () => {
    const durations = JSON.parse(readFileSync(TYPICAL_DURATIONS, "utf8"));
    assert.deepEqual(Object.keys(durations).sort(), [...new Set(ALL.map(({ name }) => name))].sort());
  });
});
