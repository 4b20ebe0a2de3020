/**
 * Installs what cells are confined by besides bubblewrap: namespaces, firewall, pasta; and what boots another kernel, with
 * control groups of version 2 whatever this machine has: an emulator, the kernel. Unless it is there.
 */
import { installPackage } from "./debianPackages.ts";
import { install } from "./install.ts";
import { installGuestKernel } from "./installGuestKernel.ts";
import { run } from "./run.ts";

const TOOLS = [
  { package: "iproute2", command: ["ip", "-V"] },
  { package: "nftables", command: ["nft", "--version"] },
  { package: "passt", command: ["pasta", "--version"] },
  { package: "qemu-system-x86", command: ["qemu-system-x86_64", "--version"] },
] as const;

for (const tool of TOOLS) {
  const [file, ...args] = tool.command;
  const missing = `${tool.package} is missing: install it so that ${file} is on the PATH`;
  const version = () => run(file, args, { missing, timeoutSeconds: 10 });
  await install(tool.package, async () => {
    const found = await version().catch(() => undefined);
    if (found === undefined) await installPackage(tool.package, { missing });
    const [line = ""] = (found ?? (await version())).trim().split("\n");
    return line;
  });
}
await install("a kernel for tests", installGuestKernel);
