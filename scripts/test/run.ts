/** `npm test`: everything that needs no network and no daemon of others. */
import { runSteps } from "./runSteps.ts";

/** What needs programs of others is in `npm run test:interop`. Files run side by side: many wait more than they work. */
const unit = (files: string) =>
  ["mocha", "--parallel", "--jobs", "2", "--ignore", "**/*.interop.test.ts", files] as const;

await runSteps([
  { name: "build contracts", command: ["hardhat", "build", "--no-tests", "--quiet"] },
  { name: "ABIs in git are current", command: ["node", "scripts/abi/generate.ts", "--check"] },
  { name: "snapshots in git are current", command: ["node", "scripts/snapshot/run.ts", "--check"] },
  { name: "build packages", command: ["npm", "run", "--silent", "build:packages"] },
  { name: "check types", command: ["npm", "run", "--silent", "check:types"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  {
    lanes: [
      [
        { name: "contract tests", command: ["hardhat", "test", "mocha", "--no-compile"] },
        {
          name: "contract fuzz, invariants",
          command: ["hardhat", "test", "solidity", "--no-compile", "--build-profile", "tests"],
        },
        {
          name: "tests of checks",
          command: ["mocha", "scripts/{snapshot,coverage,static,mutants}/**/*.test.ts"],
        },
        { name: "sdk unit tests", command: ["mocha", "sdk/src/**/*.test.ts"] },
        { name: "simulation", command: ["mocha", "scripts/simulate/**/*.test.ts"] },
        { name: "browser bundle", command: ["mocha", "test/browser/**/*.test.ts"] },
        { name: "deployment tests", command: ["mocha", "scripts/deployment/**/*.test.ts"] },
        { name: "command tests", command: unit("cli/src/**/*.test.ts") },
      ],
      [
        { name: "agent tests", command: unit("node-agent/src/**/*.test.ts") },
        { name: "devnet tests", command: ["mocha", "scripts/{devnet,test}/**/*.test.ts"] },
        { name: "end to end", command: ["mocha", "test/e2e/**/*.test.ts"] },
      ],
    ],
  },
]);
