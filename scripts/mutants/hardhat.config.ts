import { defineConfig } from "hardhat/config";
import project from "../../hardhat.config.ts";

/** The project's, with a report that a program reads: `MUTANTS_REPORT` says where. */
export default defineConfig({
  ...project,
  test: {
    ...project.test,
    mocha: {
      ...project.test?.mocha,
      reporter: "json",
      reporterOptions: { output: process.env.MUTANTS_REPORT },
    },
  },
});
