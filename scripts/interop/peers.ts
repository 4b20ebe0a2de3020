import { join } from "node:path";

/** What of others is installed for the interop tests; git ignores the folder. */
export const TOOLS = join(import.meta.dirname, "../../.tools");

export const KUBO = {
  version: "0.43.0",
  module: "github.com/ipfs/kubo",
  /** The module's hash as go.sum writes it; its own go.sum holds those of everything that it imports. */
  sum: "h1:yIqtKSCSKZXsYHz68J6hf1/dWOe/eMyaPsTubsVUb3M=",
  /** The Go that its go.mod asks for. */
  go: "1.26.5",
  path: join(TOOLS, "ipfs"),
} as const;

export const CHROMIUM = {
  /** Debian's package. */
  package: "chromium",
  path: "/usr/bin/chromium",
} as const;
