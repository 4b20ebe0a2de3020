import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
const tools = join(root, ".tools");

/** Foundry's binary, which npm carries. */
export const FORGE = {
  version: "1.7.1",
  package: "@foundry-rs/forge-linux-amd64",
  folder: join(tools, "forge"),
  path: join(tools, "forge/node_modules/@foundry-rs/forge-linux-amd64/bin/forge"),
} as const;

/** From PyPI, with everything that it needs at the versions of `requirements.txt`. */
export const SLITHER = {
  version: "0.11.6",
  requirements: join(import.meta.dirname, "requirements.txt"),
  folder: join(tools, "slither"),
  path: join(tools, "slither/bin/slither"),
} as const;
