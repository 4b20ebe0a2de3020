import { join } from "node:path";
import type { Manifest } from "@worker3/sdk";
import type { CellBinding } from "./config/CellBinding.ts";
import { cellConfigText } from "./config/cellConfigText.ts";
import { CONTROL_SOCKET, TENANT_SOCKET } from "./records/cellDirectories.ts";
import { type CellFiles, CONTROL_FD } from "./sandbox/Sandbox.ts";

export interface ConfigTextOfOptions {
  /** Checked. */
  readonly manifest: Manifest;
  /** The extracted deployment folder, as the agent sees it. */
  readonly folder: string;
  /** The kinds of bindings that cells have. */
  readonly bindings: readonly CellBinding[];
  /** The cell's files, as its process sees them. */
  readonly inside: CellFiles;
}

/**
 * The configuration of a cell's workerd.
 *
 * @throws {CellError} what a binding throws.
 */
export async function configTextOf(options: ConfigTextOfOptions): Promise<string> {
  const { manifest, folder, bindings, inside } = options;
  const content = { manifest, folder, insideFolder: inside.folder };
  return cellConfigText({
    manifest,
    layout: {
      socketPath: join(inside.sockets, TENANT_SOCKET),
      controlPath: join(inside.sockets, CONTROL_SOCKET),
      controlDirectory: inside.sockets,
    },
    parts: await Promise.all(bindings.map((binding) => binding.parts(content))),
  });
}

/** What workerd is called with to serve a configuration that lies in a file. */
export function serveArguments(inside: CellFiles): string[] {
  // --experimental: assets need it. What it opens to tenants, checkSupported closes.
  return ["serve", "--experimental", `--control-fd=${CONTROL_FD}`, "-I", inside.folder, inside.config];
}
