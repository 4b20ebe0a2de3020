import { join } from "node:path";
import { defineConfig } from "hardhat/config";
import project from "../../hardhat.config.ts";

/**
 * The project's, with a report of failed tests that a program reads, and a chain that takes code which no optimizer has
 * made small.
 */
export default defineConfig({
  ...project,
  networks: { ...project.networks, default: { type: "edr-simulated", allowUnlimitedContractSize: true } },
  test: {
    ...project.test,
    mocha: { ...project.test?.mocha, reporter: join(import.meta.dirname, "reporter.ts") },
  },
});
