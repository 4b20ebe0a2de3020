/** Installs Debian's Chromium, unless it is there. */
import { access } from "node:fs/promises";
import { install } from "./install.ts";
import { CHROMIUM } from "./peers.ts";
import { run } from "./run.ts";

const missing = `Chromium is missing: install it so that it is found as ${CHROMIUM.path}`;

await install("Chromium", async () => {
  if (!(await isThere())) await installPackage();
  const version = await run(CHROMIUM.path, ["--version"], { missing, timeoutSeconds: 60 });
  return version.trim();
});

async function isThere(): Promise<boolean> {
  return access(CHROMIUM.path).then(
    () => true,
    () => false,
  );
}

async function installPackage(): Promise<void> {
  const install = ["install", "-y", "--no-install-recommends", CHROMIUM.package];
  if (process.getuid?.() !== 0) {
    throw new Error(`Chromium is missing, and only root may install it: sudo apt-get ${install.join(" ")}`);
  }
  const options = {
    missing: `${missing}; there is no apt-get to do it here`,
    timeoutSeconds: 900,
    env: { DEBIAN_FRONTEND: "noninteractive" },
  };
  const waitForOthers = ["-o", "DPkg::Lock::Timeout=300"];
  console.log(`installing Debian's package ${CHROMIUM.package}`);
  await run("apt-get", [...waitForOthers, "update"], options);
  await run("apt-get", [...waitForOthers, ...install], options);
}
