import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

const WAIT_FOR_OTHERS = ["-o", "DPkg::Lock::Timeout=300"];

/** Installs a package of Debian's; says who may do it, where this user may not. */
export async function installPackage(name: string, { missing }: { missing: string }): Promise<void> {
  const install = ["install", "-y", "--no-install-recommends", name];
  if (!isRoot()) {
    throw new Error(`${name} is missing, and only root may install it: sudo apt-get ${install.join(" ")}`);
  }
  console.log(`installing Debian's package ${name}`);
  await apt(missing, "apt-get", [...WAIT_FOR_OTHERS, "update"]);
  const said = await apt(missing, "apt-get", [...WAIT_FOR_OTHERS, ...install]);
  console.log(/^Need to get .*$/m.exec(said)?.[0] ?? "nothing had to be fetched");
}

/**
 * What Debian's packages depend on today: for `linux-image-amd64` the package of its newest kernel. The archive keeps no
 * older one, so root asks with fresh lists; others have to take those that are there.
 */
export async function dependenciesOf(name: string, { missing }: { missing: string }): Promise<string[]> {
  if (isRoot()) await apt(missing, "apt-get", [...WAIT_FOR_OTHERS, "update"]);
  const said = await apt(missing, "apt-cache", ["depends", "--important", name]).catch(adviseToRenew);
  return [...said.matchAll(/^\s+Depends: (\S+)$/gm)].map(([, dependency = ""]) => dependency);
}

/** Downloads packages, as they are named today, into an empty folder. Gives the paths of their files. Needs no rights. */
export async function downloadPackages(
  names: readonly string[],
  { folder, missing }: { folder: string; missing: string },
): Promise<string[]> {
  const described = await apt(missing, "apt-cache", ["show", "--no-all-versions", ...names]);
  const bytes = [...described.matchAll(/^Size: (\d+)$/gm)].reduce((sum, [, size]) => sum + Number(size), 0);
  console.log(`downloading Debian's ${names.join(" and ")}: ${(bytes / 1e6).toFixed(1)} MB`);
  // As root apt would become a user of its own, who may not write here, and complain.
  const asCaller = isRoot() ? ["-o", "APT::Sandbox::User=root"] : [];
  await apt(missing, "apt-get", [...asCaller, "download", ...names], folder).catch(adviseToRenew);
  return (await readdir(folder)).map((file) => join(folder, file));
}

function apt(missing: string, file: string, args: readonly string[], cwd?: string): Promise<string> {
  return run(file, args, {
    missing: `${missing}; there is no ${file} to do it here`,
    timeoutSeconds: 900,
    env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
    cwd,
  });
}

function adviseToRenew(error: Error): never {
  if (isRoot()) throw error;
  throw new Error(
    `${error.message}\napt's lists may be old, and only root may renew them: sudo apt-get update`,
  );
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
