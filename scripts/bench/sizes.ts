import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleForBrowser } from "../../sdk/src/testing/bundleForBrowser.ts";
import type { Result, Row } from "./table.ts";

const root = join(import.meta.dirname, "../..");
const CONTRACTS = ["NodeRegistry", "ProjectRegistry", "CreditEscrow", "UsageSettlement"];
/** EIP-170. */
const MAX_RUNTIME_BYTES = 24_576;
/** EIP-3860; constructor arguments come on top. */
const MAX_INIT_BYTES = 49_152;
const BUNDLES = {
  "the whole sdk": 'export * from "@worker3/sdk";',
  "pack alone": 'export { pack } from "@worker3/sdk";',
  "deploy from a wallet":
    'export { pack, projects, escrow, asset, createNetworkWriter, parseNetwork } from "@worker3/sdk";',
};

/** Sizes of what is deployed and of what a page loads, in bytes. */
export async function sizes(): Promise<Result> {
  const rows: Row[] = [];
  for (const name of CONTRACTS) {
    const artifact = join(root, "artifacts/contracts", `${name}.sol`, `${name}.json`);
    const { bytecode, deployedBytecode } = JSON.parse(await readFile(artifact, "utf8"));
    rows.push({ what: name, value: bytesOf(deployedBytecode), unit: "bytes", goal: MAX_RUNTIME_BYTES });
    rows.push({
      what: `${name}, creation code`,
      value: bytesOf(bytecode),
      unit: "bytes",
      goal: MAX_INIT_BYTES,
    });
  }
  for (const [what, source] of Object.entries(BUNDLES)) {
    const { bytes, gzipBytes } = await bundleForBrowser(source, "bundle");
    rows.push({ what: `${what} in a browser, minified`, value: bytes, unit: "bytes" });
    rows.push({ what: `${what} in a browser, gzip`, value: gzipBytes, unit: "bytes" });
  }
  return { bench: "sizes", rows };
}

const bytesOf = (hex: string): number => (hex.length - 2) / 2;
