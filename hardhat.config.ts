import { createRequire } from "node:module";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition";
import hardhatIgnitionViem from "@nomicfoundation/hardhat-ignition-viem";
import hardhatKeystore from "@nomicfoundation/hardhat-keystore";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatVerify from "@nomicfoundation/hardhat-verify";
import hardhatViem from "@nomicfoundation/hardhat-viem";
import hardhatViemAssertions from "@nomicfoundation/hardhat-viem-assertions";
import { configVariable, defineConfig } from "hardhat/config";
import { COMPILER } from "./ignition/compiler.ts";
import { testSize } from "./sdk/src/testing/testSize.ts";

/** The compiler is an npm package, pinned by the lock: Hardhat would otherwise download one. */
const compiler = {
  ...COMPILER,
  path: createRequire(import.meta.url).resolve("solc/soljson.js"),
};

/**
 * Solidity tests run the contracts' bytecode as it was built and know only their interfaces and types, so they need not
 * wait for the slow pipeline: `hardhat test solidity --no-compile --build-profile tests`.
 */
const testCompiler = {
  ...compiler,
  settings: { evmVersion: "osaka", optimizer: { enabled: true, runs: 100_000 } },
};

export default defineConfig({
  plugins: [
    hardhatMocha,
    hardhatViem,
    hardhatViemAssertions,
    hardhatNetworkHelpers,
    hardhatIgnition,
    hardhatIgnitionViem,
    hardhatKeystore,
    hardhatVerify,
  ],
  solidity: {
    splitTestsCompilation: true,
    // Tests leave no artifacts among the contracts'.
    profiles: { default: compiler, production: compiler, tests: testCompiler },
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
  },
  paths: {
    // What benchmarks compare with is compiled as the contracts are, and no part of them.
    sources: ["contracts", "scripts/bench/contracts"],
    tests: { mocha: "test/contracts", solidity: "test/contracts" },
  },
  test: {
    mocha: { timeout: 120_000, forbidOnly: true, forbidPending: true },
    solidity: {
      fuzz: { runs: 700 },
      invariant: { runs: testSize({ short: 64, whole: 256 }), depth: 128, failOnRevert: true },
    },
  },
  networks: {
    devnet: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
    live: {
      type: "http",
      chainType: "l1",
      url: configVariable("WORKER3_RPC_URL"),
      accounts: [configVariable("WORKER3_DEPLOYER_KEY")],
    },
  },
});
