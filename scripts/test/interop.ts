/** `npm run test:interop`: sdk and agent with real programs of others, which are installed first. Nothing is skipped. */
import { runSteps } from "./runSteps.ts";

await runSteps([
  { name: "install Kubo", command: ["node", "scripts/interop/installKubo.ts"] },
  { name: "install Chromium", command: ["node", "scripts/interop/installChromium.ts"] },
  { name: "install bubblewrap", command: ["node", "scripts/interop/installBubblewrap.ts"] },
  { name: "Kubo", command: ["mocha", "test/interop/kubo.test.ts"] },
  { name: "Chromium", command: ["mocha", "test/interop/chromium.test.ts"] },
  { name: "cells in bubblewrap", command: ["mocha", "node-agent/src/**/*.interop.test.ts"] },
]);
