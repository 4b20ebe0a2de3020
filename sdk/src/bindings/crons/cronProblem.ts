interface Field {
  name: string;
  min: number;
  max: number;
  names: readonly string[];
  /** Quartz extensions that the field has, as a whole item. */
  extra: RegExp;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const NOTHING = /(?!)/;

/** Minute, hour, day of month, month, weekday (1 is Sunday). */
const FIELDS: readonly Field[] = [
  { name: "minute", min: 0, max: 59, names: [], extra: NOTHING },
  { name: "hour", min: 0, max: 23, names: [], extra: NOTHING },
  { name: "day of month", min: 1, max: 31, names: [], extra: /^(l|lw|wl|(0?[1-9]|[12]\d|3[01])w)$/ },
  { name: "month", min: 1, max: 12, names: MONTHS, extra: NOTHING },
  {
    name: "weekday",
    min: 1,
    max: 7,
    names: WEEKDAYS,
    extra: /^(l|([1-7]|sun|mon|tue|wed|thu|fri|sat)(l|#[1-5]))$/,
  },
];

/**
 * Why a text is no cron expression, or undefined. Five fields as Cloudflare has them, with lists, ranges, steps,
 * names in any case, and Quartz's `L`, `W` and `#`; weekdays are 1 to 7 with 1 for Sunday. Says nothing of when.
 *
 * Source: https://developers.cloudflare.com/workers/configuration/cron-triggers/
 */
export function cronProblem(text: string): string | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return `has ${parts.length} fields, not 5`;
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? "";
    for (const item of part.toLowerCase().split(",")) {
      const problem = itemProblem(item, field);
      if (problem !== undefined) return `has "${part}" as its ${field.name}, which ${problem}`;
    }
  }
  return undefined;
}

function itemProblem(item: string, field: Field): string | undefined {
  if (field.extra.test(item)) return undefined;
  const match = /^(\*|[a-z]{3}|\d{1,2})(?:-([a-z]{3}|\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(item);
  if (match === null) return "is not an item of a cron expression";
  const [, from = "", to, step] = match;
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.max))
    return `has a step outside 1 to ${field.max}`;
  if (from === "*") return to === undefined ? undefined : "has a range that begins with *";
  const first = numberOf(from, field);
  const last = to === undefined ? first : numberOf(to, field);
  if (first === undefined || last === undefined) return `is outside ${field.min} to ${field.max}`;
  return first > last ? "has a range that goes backwards" : undefined;
}

function numberOf(text: string, field: Field): number | undefined {
  const index = field.names.indexOf(text);
  const value = index === -1 ? Number(text) : index + field.min;
  return Number.isInteger(value) && value >= field.min && value <= field.max ? value : undefined;
}
