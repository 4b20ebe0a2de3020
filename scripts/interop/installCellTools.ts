/** Installs what cells are confined by besides bubblewrap: namespaces, firewall, pasta; unless it is there. */
import { install } from "./install.ts";
import { installPackage } from "./installPackage.ts";
import { run } from "./run.ts";

const TOOLS = [
  { package: "iproute2", command: ["ip", "-V"] },
  { package: "nftables", command: ["nft", "--version"] },
  { package: "passt", command: ["pasta", "--version"] },
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
