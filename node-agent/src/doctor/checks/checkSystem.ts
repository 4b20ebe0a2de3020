import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { createRunTool } from "../../cells/network/runTool.ts";
import { findProgram } from "../../cells/sandbox/findProgram.ts";
import { type Check, check } from "../Check.ts";

/** `userfaultfd`, control groups and nftables as they are used here; Debian 11 has it. */
const OLDEST_KERNEL = [5, 10] as const;

const PACKAGES = {
  bwrap: "bubblewrap",
  setpriv: "util-linux",
  nsenter: "util-linux",
  ip: "iproute2",
  nft: "nftables",
} as const;

/** The kernel, the programs that cells are started by, and whether users may make namespaces. */
export async function checkSystem(): Promise<Check[]> {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  const isNew = major > OLDEST_KERNEL[0] || (major === OLDEST_KERNEL[0] && minor >= OLDEST_KERNEL[1]);
  const kernel = check("kernel", isNew, `Linux ${release()}`, { fix: "install Linux 5.10 or newer" });
  const isRoot = process.getuid?.() === 0;
  const wanted = isRoot ? PACKAGES : { ...PACKAGES, pasta: "passt" };
  const programs = await Promise.all(
    Object.entries(wanted).map(async ([program, name]) => {
      const path = await findProgram(program, ["/usr/sbin", "/sbin"]);
      const detail = path ?? "not installed";
      return check(program, path !== undefined, detail, { fix: `apt-get install ${name}` });
    }),
  );
  return [kernel, ...programs, await checkUserNamespaces()];
}

/** Whether this user may make namespaces, by making one. */
async function checkUserNamespaces(): Promise<Check> {
  const name = "user namespaces";
  try {
    await createRunTool()("unshare", ["--user", "--map-root-user", "true"]);
    return check(name, true, "this user may make some");
  } catch (error) {
    return check(name, false, error instanceof Error ? error.message : String(error), {
      fix: await userNamespaceFix(),
    });
  }
}

/** The three switches that distributions have. */
async function userNamespaceFix(): Promise<string> {
  const read = (path: string) => readFile(`/proc/sys/${path}`, "utf8").then(Number, () => undefined);
  if ((await read("kernel/unprivileged_userns_clone")) === 0)
    return "sysctl -w kernel.unprivileged_userns_clone=1";
  if ((await read("kernel/apparmor_restrict_unprivileged_userns")) === 1) {
    return "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
  }
  return "sysctl -w user.max_user_namespaces=10000";
}
