import { anvilPath as installedPath } from "@worker3/sdk/testing";
import { DevnetError } from "./DevnetError.ts";

/** anvil's binary; an error that says what to install where it is not there. */
export function anvilPath(): string {
  try {
    return installedPath();
  } catch (cause) {
    const name = `@foundry-rs/anvil-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
    throw new DevnetError({
      code: "NO_ANVIL",
      message: "the chain (anvil) is not installed for this machine",
      value: name,
      next: `npm install --no-save ${name}@1.7.1`,
      cause,
    });
  }
}
