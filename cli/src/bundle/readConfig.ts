import type { Unstable_Config } from "wrangler";
import { BundleError } from "./BundleError.ts";
import { checkFields } from "./checkFields.ts";
import { isRecord } from "./isRecord.ts";

/** A configuration as wrangler normalises it for one environment. */
export type WranglerConfig = Unstable_Config;

export interface ReadConfig {
  readonly config: WranglerConfig;
  /** What is left aside, a line each. */
  readonly notices: readonly string[];
  /** The newest compatibility date that this program's workerd knows: `2026-11-17`. */
  readonly newestDate: string;
}

/**
 * Reads a configuration by wrangler's own reader, and lets pass only what is honoured here.
 *
 * @param path The file.
 * @param environment A key of its `env`.
 * @throws {BundleError} `CONFIG_INVALID`, `UNKNOWN_ENVIRONMENT`, `UNKNOWN_FIELD`, `UNSUPPORTED_FIELD`.
 */
export async function readConfig(path: string, environment: string | undefined): Promise<ReadConfig> {
  // 15 MB of code that take a second: only for projects that have a configuration.
  const wrangler = await import("wrangler");
  const raw: unknown = orInvalid(path, () => wrangler.experimental_readRawConfig({ config: path }).rawConfig);
  const fields = isRecord(raw) ? raw : {};
  if (environment !== undefined) checkEnvironment(fields, environment);
  // An empty text is wrangler's word for "none": without it CLOUDFLARE_ENV would be asked.
  const options = { hideWarnings: true };
  const config = orInvalid(path, () =>
    wrangler.unstable_readConfig({ config: path, env: environment ?? "" }, options),
  );
  const effective = { ...config, services: otherServices(config) };
  const notices = checkFields({ raw: fields, effective, environment });
  return { config, notices, newestDate: wrangler.unstable_getDevCompatibilityDate() };
}

function checkEnvironment({ env }: Readonly<Record<string, unknown>>, environment: string): void {
  const known = isRecord(env) ? Object.keys(env) : [];
  if (known.includes(environment)) return;
  throw new BundleError({
    code: "UNKNOWN_ENVIRONMENT",
    message: "The configuration has no such environment.",
    value: environment,
    next: known.length === 0 ? "leave --env away" : `choose one of: ${known.join(", ")}`,
  });
}

/** The bindings to other workers: one to the worker itself is a binding like any other. */
function otherServices({ name, services = [] }: WranglerConfig): unknown[] {
  return services.map((service) =>
    service.service === name && service.props === undefined && service.environment === undefined
      ? {}
      : service,
  );
}

function orInvalid<value>(path: string, read: () => value): value {
  try {
    return read();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError({
      code: "CONFIG_INVALID",
      message: `Wrangler cannot read the configuration${placeOf(cause)}: ${message.trim()}`,
      value: path,
      next: "correct the configuration",
      cause,
    });
  }
}

/** Where wrangler's reader stopped, which its message does not say. */
function placeOf(cause: unknown): string {
  const location: unknown = cause instanceof Error && "location" in cause ? cause.location : undefined;
  if (!isRecord(location) || typeof location.line !== "number" || typeof location.column !== "number")
    return "";
  // It counts columns from zero.
  return `, line ${location.line} column ${location.column + 1}`;
}
