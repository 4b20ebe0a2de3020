import { fromWrangler, ManifestError } from "@worker3/sdk";
import type { Unstable_Config } from "wrangler";
import { BundleError } from "./BundleError.ts";
import { checkFields, type Finding, fieldsUnknown } from "./checkFields.ts";
import { inWranglersWords } from "./inWranglersWords.ts";
import { isRecord } from "./isRecord.ts";
import { type Configuration, type Problem, readConfiguration } from "./wranglerConfiguration.ts";

/** Unknown fields that are told beside what wrangler has to say. */
const SHOWN = 10;

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
 * @param reading What a wrangler that was started for it reads; by default it is read in this process.
 * @throws {BundleError} `CONFIG_INVALID`, `UNKNOWN_ENVIRONMENT`, `UNKNOWN_FIELD`, `UNSUPPORTED_FIELD`; or what `reading`
 *   rejects with.
 */
export async function readConfig(
  path: string,
  environment: string | undefined,
  reading?: Promise<Configuration> | undefined,
): Promise<ReadConfig> {
  // 15 MB of code that take a second: only where no other process has them.
  const read = await (reading ?? import("wrangler").then((own) => readConfiguration(own, path, environment)));
  const { raw, effective: config, problem, newestDate } = read;
  const fields = isRecord(raw) ? raw : {};
  if (raw !== undefined && environment !== undefined) checkEnvironment(fields, environment);
  if (config === undefined) throw invalid(path, problem, fieldsUnknown({ raw: fields, environment }));
  const effective = { ...config, services: otherServices(config) };
  const alsoWrong = (): Finding[] => valuesOf(config);
  const notices = checkFields({ raw: fields, effective, environment, alsoWrong });
  return { config, notices, newestDate };
}

/** What the values of fields have wrong that a manifest is made of; alone it is told by who makes the manifest. */
function valuesOf(config: WranglerConfig): Finding[] {
  try {
    inWranglersWords(config, fromWrangler(config));
    return [];
  } catch (error) {
    // Nothing else is made of fields that are refused anyway.
    if (!(error instanceof ManifestError)) return [];
    return error.issues.map(({ path, message }) => ({ path, problem: message }));
  }
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

function invalid(
  path: string,
  { message, place }: Problem = { message: "" },
  unknown: readonly Finding[] = [],
): BundleError {
  const others = unknown.slice(0, SHOWN).map((each) => `; ${each.path} ${each.problem}`);
  const where = place === undefined ? "" : `, line ${place.line} column ${place.column}`;
  return new BundleError({
    code: "CONFIG_INVALID",
    message: `Wrangler cannot read the configuration${where}: ${message.trim()}${others.join("")}`,
    value: path,
    next: "correct the configuration",
  });
}
