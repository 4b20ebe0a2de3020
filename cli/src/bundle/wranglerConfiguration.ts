import type { Unstable_Config } from "wrangler";

type Wrangler = Pick<
  typeof import("wrangler"),
  "experimental_readRawConfig" | "unstable_readConfig" | "unstable_getDevCompatibilityDate"
>;

/** A configuration as wrangler reads it. */
export interface Configuration {
  /** The file as it is written; undefined where it is no text of that kind. */
  readonly raw?: unknown;
  /** What wrangler makes of it for the chosen environment. */
  readonly effective?: Unstable_Config;
  /** Why one of them is not there, in wrangler's words. */
  readonly problem?: string;
  /** The newest compatibility date that wrangler's workerd knows. */
  readonly newestDate: string;
}

/** Reads a configuration by wrangler's own reader. Throws nothing: what is wrong is told to another process. */
export function readConfiguration(
  wrangler: Wrangler,
  path: string,
  environment: string | undefined,
): Configuration {
  const newestDate = wrangler.unstable_getDevCompatibilityDate();
  let raw: unknown;
  try {
    ({ rawConfig: raw } = wrangler.experimental_readRawConfig({ config: path }));
    // An empty text is wrangler's word for "none": without it CLOUDFLARE_ENV would be asked.
    const asked = { config: path, env: environment ?? "" };
    return { raw, effective: wrangler.unstable_readConfig(asked, { hideWarnings: true }), newestDate };
  } catch (error) {
    return { raw, problem: error instanceof Error ? error.message : String(error), newestDate };
  }
}
