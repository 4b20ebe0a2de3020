import { run } from "./run.ts";

/** Installs a package of Debian's; says who may do it, where this user may not. */
export async function installPackage(name: string, { missing }: { missing: string }): Promise<void> {
  const install = ["install", "-y", "--no-install-recommends", name];
  if (process.getuid?.() !== 0) {
    throw new Error(`${name} is missing, and only root may install it: sudo apt-get ${install.join(" ")}`);
  }
  const options = {
    missing: `${missing}; there is no apt-get to do it here`,
    timeoutSeconds: 900,
    env: { DEBIAN_FRONTEND: "noninteractive" },
  };
  const waitForOthers = ["-o", "DPkg::Lock::Timeout=300"];
  console.log(`installing Debian's package ${name}`);
  await run("apt-get", [...waitForOthers, "update"], options);
  await run("apt-get", [...waitForOthers, ...install], options);
}
