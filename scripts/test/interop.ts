/** `npm run test:interop`: sdk, agent and contracts with real programs of others, which are installed first. Nothing is skipped. */
import { runSteps } from "./runSteps.ts";

await runSteps([
  { name: "install Kubo", command: ["node", "scripts/interop/installKubo.ts"] },
  { name: "install Chromium", command: ["node", "scripts/interop/installChromium.ts"] },
  { name: "install bubblewrap", command: ["node", "scripts/interop/installBubblewrap.ts"] },
  { name: "install geth", command: ["node", "scripts/interop/installGeth.ts"] },
  { name: "install namespaces, firewall", command: ["node", "scripts/interop/installCellTools.ts"] },
  { name: "Kubo", command: ["mocha", "test/interop/kubo.test.ts"] },
  { name: "Chromium", command: ["mocha", "test/interop/chromium.test.ts"] },
  { name: "geth", command: ["mocha", "test/interop/geth.test.ts"] },
  { name: "cells, confined", command: ["mocha", "node-agent/src/**/*.interop.test.ts"] },
  { name: "a killed agent", command: ["mocha", "test/interop/killedAgent.test.ts"] },
  { name: "node doctor", command: ["mocha", "cli/src/**/*.interop.test.ts"] },
]);
