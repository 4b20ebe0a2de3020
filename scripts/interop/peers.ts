import { join } from "node:path";
import type { GoProgram } from "./installGoProgram.ts";

/** What of others is installed for the interop tests; git ignores the folder. */
export const TOOLS = join(import.meta.dirname, "../../.tools");

export const KUBO = {
  name: "Kubo",
  version: "0.43.0",
  module: "github.com/ipfs/kubo",
  sum: "h1:yIqtKSCSKZXsYHz68J6hf1/dWOe/eMyaPsTubsVUb3M=",
  package: "./cmd/ipfs",
  go: "1.26.5",
  path: join(TOOLS, "ipfs"),
  versionArguments: ["version", "--number"],
  versionPattern: /^(\S+)$/m,
  effort: "some minutes, and 1.5 GB in Go's caches",
} as const satisfies GoProgram;

export const GETH = {
  name: "geth",
  version: "1.17.10",
  module: "github.com/ethereum/go-ethereum",
  sum: "h1:b3WO+xux3pItpm13kqT5Xddv01zOxBFZxQgk/Ate4/M=",
  package: "./cmd/geth",
  go: "1.25.0",
  path: join(TOOLS, "geth"),
  versionArguments: ["version"],
  versionPattern: /^Version: (\d+\.\d+\.\d+)-stable$/m,
  effort: "about five minutes, and 1 GB in Go's caches",
} as const satisfies GoProgram;

export const CHROMIUM = {
  /** Debian's package. */
  package: "chromium",
  path: "/usr/bin/chromium",
} as const;

/** Packages that ship templates and generators of projects, by the lock of `test/compatibility/templates`. */
export const TEMPLATES = { path: join(TOOLS, "templates") } as const;
