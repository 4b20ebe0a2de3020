/** `npm run test:interop`: the sdk with real programs of others, which are installed first. Nothing is skipped. */
import { runSteps } from "./runSteps.ts";

await runSteps([
  { name: "install Kubo", command: ["node", "scripts/interop/installKubo.ts"] },
  { name: "install Chromium", command: ["node", "scripts/interop/installChromium.ts"] },
  { name: "Kubo", command: ["mocha", "test/interop/kubo.test.ts"] },
  { name: "Chromium", command: ["mocha", "test/interop/chromium.test.ts"] },
]);
