import { join } from "node:path";
import type { Manifest } from "@worker3/sdk";
import { type CellBinding, NODE_COMPATIBILITY_DATE, WORKER_SERVICE } from "../../cells/config/CellBinding.ts";
import type { Assets } from "../../cells/config/WorkerdConfig.ts";
import { EXTRACTED } from "../../extractedFolder.ts";
import { markedHeaders } from "./markedHeaders.ts";
import { plainRedirects } from "./plainRedirects.ts";
import { type AssetRules, readAssetRules } from "./readAssetRules.ts";

/** What visitors meet of a project with files. */
export const ASSETS_SERVICE = "assets";

/** Static files, by workerd's own service for them: it stands before the worker and asks it as the manifest says. */
export const assets: CellBinding = {
  kinds: ["assets"],
  async parts({ manifest, folder, insideFolder }) {
    if (manifest.assets === undefined) return {};
    const { binding } = manifest.assets;
    const rules = await readAssetRules(folder);
    return {
      front: {
        name: ASSETS_SERVICE,
        assets: assetsService(manifest, join(insideFolder, EXTRACTED.files), rules),
      },
      ...(binding !== undefined && {
        bindings: [{ name: binding, service: { name: ASSETS_SERVICE, entrypoint: "AssetWorker" } }],
      }),
    };
  },
};

function assetsService(manifest: Manifest, path: string, rules: AssetRules): Assets {
  const config = assetsConfig(manifest.assets, rules);
  if (manifest.main !== undefined) return { path, config, userWorker: WORKER_SERVICE };
  const compatibilityDate = manifest.compatibilityDate ?? NODE_COMPATIBILITY_DATE;
  return { path, config, compatibilityDate, compatibilityFlags: manifest.compatibilityFlags };
}

/** The JSON that the service is configured with: wrangler's names for the manifest's settings. */
function assetsConfig(assets: Manifest["assets"], rules: AssetRules): string {
  return JSON.stringify({
    html_handling: assets?.htmlHandling,
    not_found_handling: assets?.notFoundHandling,
    run_worker_first: assets?.runWorkerFirst,
    headers: markedHeaders(rules.headers, { pages: assets?.pages === true }),
    redirects: rules.redirects === undefined ? undefined : plainRedirects(rules.redirects),
    ignore: rules.ignore,
  });
}
