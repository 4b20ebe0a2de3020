import type { Step } from "./chooseSteps.ts";

/** What cells are confined by. */
const CONFINEMENT = ["install bubblewrap", "install namespaces, firewall"];
/** Tests that are short in `npm test`, with all that they can do. */
const WHOLE = { env: { WORKER3_TESTS: "whole" } };

/** `npm run test:interop`: installers, what needs them, and what takes too long for `npm test`. */
export const INTEROP_STEPS: readonly Step[] = [
  { name: "install Kubo", command: ["node", "scripts/interop/installKubo.ts"] },
  { name: "install Chromium", command: ["node", "scripts/interop/installChromium.ts"] },
  { name: "install bubblewrap", command: ["node", "scripts/interop/installBubblewrap.ts"] },
  { name: "install geth", command: ["node", "scripts/interop/installGeth.ts"] },
  { name: "install namespaces, firewall", command: ["node", "scripts/interop/installCellTools.ts"] },
  { name: "install libfaketime", command: ["node", "scripts/interop/installFaketime.ts"] },
  { name: "install templates", command: ["node", "scripts/interop/installTemplates.ts"] },
  { name: "build contracts", command: ["hardhat", "build", "--no-tests", "--quiet"] },
  { name: "pack the release", command: ["node", "scripts/release/main.ts"] },
  { name: "Kubo", command: ["mocha", "test/interop/kubo*.test.ts"], needs: ["install Kubo"] },
  { name: "Chromium", command: ["mocha", "test/interop/chromium.test.ts"], needs: ["install Chromium"] },
  {
    name: "installed far from a checkout",
    command: ["mocha", "test/interop/installed.test.ts"],
    needs: ["pack the release"],
  },
  {
    name: "templates",
    command: ["mocha", "test/interop/templates.test.ts"],
    needs: ["install templates"],
  },
  {
    name: "geth",
    command: ["mocha", "test/interop/geth.test.ts"],
    needs: ["install geth", "build contracts"],
  },
  {
    name: "cells, confined",
    command: ["mocha", "node-agent/src/**/*.interop.test.ts"],
    needs: CONFINEMENT,
    alone: true, // what it bounds is this machine's
  },
  {
    name: "a killed agent",
    command: ["mocha", "test/interop/killedAgent.test.ts"],
    needs: CONFINEMENT,
    alone: true,
  },
  { name: "node doctor", command: ["mocha", "cli/src/**/*.interop.test.ts"], needs: CONFINEMENT },
  {
    name: "invariants, 256 runs",
    command: ["hardhat", "test", "solidity", "--no-compile", "--build-profile", "tests"],
    needs: ["build contracts"],
    ...WHOLE,
  },
  {
    name: "verification, all contracts",
    command: ["mocha", "scripts/deployment/verification.test.ts"],
    needs: ["build contracts"],
    ...WHOLE,
  },
  {
    name: "packing, all shapes",
    command: [
      "mocha",
      "cli/src/bundle/folderNames.test.ts",
      "cli/src/bundle/pages.test.ts",
      "cli/src/bundle/readConfig.test.ts",
    ],
    ...WHOLE,
  },
  { name: "20 kills", command: ["mocha", "test/e2e/killed.test.ts"], ...WHOLE },
  { name: "chaos, short", command: ["node", "test/chaos/main.ts", "short"], needs: ["install libfaketime"] },
  { name: "200 swaps", command: ["mocha", "node-agent/src/reconcile/swap.test.ts"], ...WHOLE },
];
