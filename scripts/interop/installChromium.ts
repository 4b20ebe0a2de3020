/** Installs Debian's Chromium, unless it is there. */
import { access } from "node:fs/promises";
import { installPackage } from "./debianPackages.ts";
import { install } from "./install.ts";
import { CHROMIUM } from "./peers.ts";
import { run } from "./run.ts";

const missing = `Chromium is missing: install it so that it is found as ${CHROMIUM.path}`;

await install("Chromium", async () => {
  if (!(await isThere())) await installPackage(CHROMIUM.package, { missing });
  const version = await run(CHROMIUM.path, ["--version"], { missing, timeoutSeconds: 60 });
  return version.trim();
});

async function isThere(): Promise<boolean> {
  return access(CHROMIUM.path).then(
    () => true,
    () => false,
  );
}
