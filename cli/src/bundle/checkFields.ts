import type { FieldRule, FieldRules } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import { FIELD_RULES } from "./fieldRules.ts";
import { isRecord } from "./isRecord.ts";

export interface CheckFieldsParameters {
  /** The file as it is written. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** What wrangler makes of it for the chosen environment. */
  readonly effective: Readonly<Record<string, unknown>>;
  readonly environment: string | undefined;
  /** What else is wrong, which is told with fields that are. */
  readonly alsoWrong?: () => readonly Finding[];
}

export interface Finding {
  /** `env.staging.queues.consumers[0].type` */
  readonly path: string;
  readonly problem: string;
}

/** Findings that a message shows. */
const SHOWN = 10;

/**
 * Refuses fields of wrangler's configuration that nobody knows, and fields that ask for what nodes cannot do. Unknown
 * ones are looked for in the file, the others in what holds for the chosen environment.
 *
 * @returns What is left aside, a line each.
 * @throws {BundleError} `UNKNOWN_FIELD`, `UNSUPPORTED_FIELD`; `value` is the field's path.
 */
export function checkFields({ raw, effective, environment, alsoWrong }: CheckFieldsParameters): string[] {
  const own = environment === undefined ? undefined : fieldOf(raw.env, environment);
  const unknown = fieldsUnknown({ raw, environment });
  const refused: Finding[] = [];
  const notices: string[] = [];
  for (const [name, rule] of Object.entries(FIELD_RULES)) {
    const prefix = isRecord(own) && Object.hasOwn(own, name) ? `env.${environment}.${name}` : name;
    // What wrangler reads no more is not in what it makes of the file.
    const written = isRecord(own) && Object.hasOwn(own, name) ? own[name] : fieldOf(raw, name);
    const value = Object.hasOwn(effective, name) ? effective[name] : written;
    for (const [path, found] of judgedFields(value, rule, prefix)) {
      if ("refused" in found) refused.push({ path, problem: found.refused });
      else notices.push(`${path} is left aside: ${found.notice}`);
    }
  }
  // All at once: who corrects one does not want to come back for the next.
  const wrong = [...unknown, ...refused];
  if (wrong.length === 0) return notices;
  const findings = [...wrong, ...(alsoWrong?.() ?? []).filter(({ path }) => !isOfOne(path, wrong))];
  if (unknown.length > 0)
    throwFindings("UNKNOWN_FIELD", findings, (path) => `correct or remove ${path} in the configuration`);
  throwFindings("UNSUPPORTED_FIELD", findings, (path) => `do without ${path}, or deploy to Cloudflare`);
  return notices;
}

/** The fields of a configuration, as it is written, that nobody knows. */
export function fieldsUnknown({
  raw,
  environment,
}: Pick<CheckFieldsParameters, "raw" | "environment">): Finding[] {
  const own = environment === undefined ? undefined : fieldOf(raw.env, environment);
  return [
    ...unknownFields(raw, FIELD_RULES, ""),
    ...(isRecord(own) ? unknownFields(own, FIELD_RULES, `env.${environment}.`) : []),
  ];
}

/** Whether a path is of an entry of a list in which something else is wrong: it may be wrong by that alone. */
function isOfOne(path: string, findings: readonly Finding[]): boolean {
  const [entry] = /^.*\]\./.exec(path) ?? [];
  return entry !== undefined && findings.some((finding) => finding.path.startsWith(entry));
}

function unknownFields(
  value: Readonly<Record<string, unknown>>,
  rules: FieldRules,
  prefix: string,
): Finding[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = `${prefix}${name}`;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) return [{ path, problem: "is no field that is known here" }];
    if (typeof rule === "string") return [];
    if ("fields" in rule) return isRecord(inner) ? unknownFields(inner, rule.fields, `${path}.`) : [];
    if (!("items" in rule) || !Array.isArray(inner)) return [];
    return inner.flatMap((item, index) =>
      isRecord(item) ? unknownFields(item, rule.items, `${path}[${index}].`) : [],
    );
  });
}

type Judged = [path: string, rule: { notice: string } | { refused: string }];

function judgedFields(value: unknown, rule: FieldRule, path: string): Judged[] {
  if (typeof rule === "string" || asksForNothing(value)) return [];
  if ("notice" in rule || "refused" in rule) return [[path, rule]];
  if ("fields" in rule) {
    return Object.entries(rule.fields).flatMap(([name, inner]) =>
      judgedFields(fieldOf(value, name), inner, `${path}.${name}`),
    );
  }
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) =>
    Object.entries(rule.items).flatMap(([name, inner]) =>
      judgedFields(fieldOf(item, name), inner, `${path}[${index}].${name}`),
    ),
  );
}

/** Generated configurations spell out every default. */
function asksForNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.values(value).every(asksForNothing);
}

function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function throwFindings(code: string, findings: readonly Finding[], next: (path: string) => string): void {
  const [first] = findings;
  if (first === undefined) return;
  const shown = findings.slice(0, SHOWN).map(({ path, problem }) => `${path} ${problem}`);
  const hidden = findings.length - shown.length;
  const message = `${shown.join("; ")}${hidden > 0 ? `; and ${hidden} more` : ""}.`;
  throw new BundleError({ code, message, value: first.path, next: next(first.path) });
}
