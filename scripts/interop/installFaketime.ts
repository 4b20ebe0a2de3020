/** Installs Debian's libfaketime, by which a test makes clocks jump, unless it is there. */
import { installPackage } from "./debianPackages.ts";
import { findFaketime } from "./faketime.ts";
import { install } from "./install.ts";

await install("libfaketime", async () => {
  try {
    return findFaketime();
  } catch {
    await installPackage("libfaketime", { missing: "libfaketime is missing" });
    return findFaketime();
  }
});
