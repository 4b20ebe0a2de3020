import type { Unstable_Config } from "wrangler";
import { isRecord } from "./isRecord.ts";

type Wrangler = Pick<
  typeof import("wrangler"),
  "experimental_readRawConfig" | "unstable_readConfig" | "unstable_getDevCompatibilityDate"
>;

/** Why wrangler cannot read a configuration. */
export interface Problem {
  /** In its words. */
  readonly message: string;
  /** Where its reader stopped, both from 1; its message does not say it. */
  readonly place?: { readonly line: number; readonly column: number };
}

/** A configuration as wrangler reads it. */
export interface Configuration {
  /** The file as it is written; undefined where it is no text of that kind. */
  readonly raw?: unknown;
  /** What wrangler makes of it for the chosen environment. */
  readonly effective?: Unstable_Config;
  /** Why one of them is not there. */
  readonly problem?: Problem;
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
    return { raw, problem: problemOf(error), newestDate };
  }
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message } = error;
  const location: unknown = "location" in error ? error.location : undefined;
  if (!isRecord(location) || typeof location.line !== "number" || typeof location.column !== "number")
    return { message };
  // It counts columns from zero.
  return { message, place: { line: location.line, column: location.column + 1 } };
}
