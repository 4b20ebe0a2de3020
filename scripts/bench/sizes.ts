import { bundleForBrowser } from "@worker3/sdk/testing";
import { contractSizes } from "./support/contractSizes.ts";
import type { Result } from "./table.ts";

const BUNDLES = {
  "the whole sdk": 'export * from "@worker3/sdk";',
  "pack alone": 'export { pack } from "@worker3/sdk";',
  "deploy from a wallet":
    'export { pack, projects, escrow, asset, createNetworkWriter, parseNetwork } from "@worker3/sdk";',
};

/** Sizes of what is deployed and of what a page loads, in bytes. */
export async function sizes(): Promise<Result> {
  const rows = await contractSizes();
  for (const [what, source] of Object.entries(BUNDLES)) {
    const { bytes, gzipBytes } = await bundleForBrowser(source, "bundle");
    rows.push({ what: `${what} in a browser, minified`, value: bytes, unit: "bytes" });
    rows.push({ what: `${what} in a browser, gzip`, value: gzipBytes, unit: "bytes" });
  }
  return { bench: "sizes", rows };
}
