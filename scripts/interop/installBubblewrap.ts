/** Installs Debian's bubblewrap, the sandbox of cells, unless it is there. */

import { installPackage } from "./debianPackages.ts";
import { install } from "./install.ts";
import { run } from "./run.ts";

const missing = "bubblewrap is missing: install it so that bwrap is on the PATH";
const version = () => run("bwrap", ["--version"], { missing, timeoutSeconds: 10 });

await install("bubblewrap", async () => {
  const found = await version().catch(() => undefined);
  if (found !== undefined) return found.trim();
  await installPackage("bubblewrap", { missing });
  return (await version()).trim();
});
