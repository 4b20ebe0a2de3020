import { join } from "node:path";
import { defineConfig } from "hardhat/config";
import project from "../../hardhat.config.ts";

/** The project's, with a report of failed tests that a program reads. */
export default defineConfig({
  ...project,
  test: {
    ...project.test,
    mocha: { ...project.test?.mocha, reporter: join(import.meta.dirname, "reporter.ts") },
  },
});
