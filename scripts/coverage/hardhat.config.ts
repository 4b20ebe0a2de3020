import config from "../../hardhat.config.ts";
import { branchCoverage } from "./branchCoverage.ts";

/** The project as it is, except that what is built carries probes: it must not end up among the artifacts of the build. */
export default {
  ...config,
  plugins: [...(config.plugins ?? []), branchCoverage],
  coverage: { skipFiles: ["contracts/mocks/**", "scripts/**"] },
  paths: { ...config.paths, artifacts: "coverage/artifacts", cache: "coverage/cache" },
};
