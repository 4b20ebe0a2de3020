import type { Step } from "./chooseSteps.ts";

/** A command of mocha; files run one after the other in one process. */
const mocha = (...files: string[]): Step["command"] => ["mocha", ...files];
/** `jobs` files run side by side, because many wait more than they work. What needs programs of others is in `interopSteps`. */
const mochaBeside = (jobs: number, ...args: string[]): Step["command"] => [
  ...(["mocha", "--parallel", "--jobs", String(jobs), "--ignore", "**/*.interop.test.ts"] as const),
  ...args,
];

/** Tests of the agent that assert within which time something happens; the one waits while the other works. */
const timed = ["node-agent/src/cells/limits/watchdog.test.ts", "node-agent/src/edge/sleeping.test.ts"];

const besides = (files: readonly string[]): string[] => files.flatMap((file) => ["--ignore", file]);

/** `npm test`: everything that needs no network and no program of others. */
export const STEPS: readonly Step[] = [
  { name: "build contracts", command: ["hardhat", "build", "--no-tests", "--quiet"] },
  {
    name: "ABIs in git are current",
    command: ["node", "scripts/abi/generate.ts", "--check"],
    needs: ["build contracts"],
  },
  {
    name: "snapshots in git are current",
    command: ["node", "scripts/snapshot/run.ts", "--check"],
    needs: ["build contracts"],
  },
  { name: "build packages", command: ["npm", "run", "--silent", "build:packages"] },
  // The build also writes the types by which tests know contracts.
  { name: "check types", command: ["npm", "run", "--silent", "check:types"], needs: ["build contracts"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  {
    name: "contract tests",
    command: ["hardhat", "test", "mocha", "--no-compile"],
    needs: ["build contracts"],
  },
  {
    name: "contract fuzz, invariants",
    command: ["hardhat", "test", "solidity", "--no-compile", "--build-profile", "tests"],
    needs: ["build contracts"],
  },
  {
    name: "tests of checks",
    command: mocha("scripts/{abi,snapshot,coverage,static,mutants}/**/*.test.ts"),
    needs: ["build contracts"],
  },
  { name: "sdk unit tests", command: mocha("sdk/src/**/*.test.ts") },
  { name: "simulation", command: mocha("scripts/simulate/**/*.test.ts") },
  { name: "browser bundle", command: mocha("test/browser/**/*.test.ts") },
  {
    name: "deployment tests",
    command: mocha("scripts/deployment/**/*.test.ts"),
    needs: ["build contracts"],
  },
  { name: "command tests", command: mochaBeside(2, "cli/src/**/*.test.ts") },
  {
    name: "agent tests, cells",
    command: mochaBeside(2, ...besides(timed), "node-agent/src/{cells,reconcile,serving}/**/*.test.ts"),
  },
  {
    name: "agent tests, all but cells",
    command: mochaBeside(3, ...besides(timed), "node-agent/src/{*,!(cells|reconcile|serving)/**/*}.test.ts"),
  },
  { name: "agent tests, timed", command: mochaBeside(2, ...timed), alone: true },
  {
    name: "devnet tests",
    command: mochaBeside(2, "scripts/{devnet,test}/**/*.test.ts", "test/{chaos,compatibility}/**/*.test.ts"),
  },
  ...["badDays", "killed", "onChain", "realProjects", "walkthrough"].map((file) => ({
    name: `end to end, ${file}`,
    command: mocha(`test/e2e/${file}.test.ts`),
  })),
];
