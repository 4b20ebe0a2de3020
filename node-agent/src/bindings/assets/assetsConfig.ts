import type { Manifest } from "@worker3/sdk";

/** The texts of the files in `assets/` that say how to serve the others; absent where there is no such file. */
export interface AssetRules {
  /** `_headers` */
  readonly headers?: string;
  /** `_redirects` */
  readonly redirects?: string;
  /** `.assetsignore` */
  readonly ignore?: string;
}

/** The JSON that workerd's assets service is configured with: wrangler's names for the manifest's settings. */
export function assetsConfig(assets: Manifest["assets"], rules: AssetRules): string {
  return JSON.stringify({
    html_handling: assets?.htmlHandling,
    not_found_handling: assets?.notFoundHandling,
    run_worker_first: assets?.runWorkerFirst,
    headers: rules.headers,
    redirects: rules.redirects,
    ignore: rules.ignore,
  });
}
