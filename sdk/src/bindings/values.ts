import * as z from "zod/mini";

/** A name in the worker's code: of a property of `env`, or of a class. */
export const jsIdentifier = z.string().check(
  z.regex(/^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u, "must be a JavaScript identifier"),
  z.refine((name) => name !== "__proto__", "must not be __proto__"),
);

/** A name that may become a part of a file's name on the node. */
export const storeId = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
      "must be 1 to 128 letters, digits, dots, dashes or underscores",
    ),
  );

/** A whole number in these bounds. */
export const whole = (min: number, max: number) =>
  z.int().check(z.minimum(min, `must be at least ${min}`), z.maximum(max, `must be at most ${max}`));

type Present<value> = { [key in keyof value]: Exclude<value[key], undefined> };

/** Without the fields that are undefined: a manifest is JSON. */
export function present<value extends object>(value: value): Present<value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, inner]) => inner !== undefined),
  ) as Present<value>;
}

/** A list, or undefined for an empty one: a manifest leaves out what is empty. */
export function some<item>(items: readonly item[] | undefined): item[] | undefined {
  return items === undefined || items.length === 0 ? undefined : [...items];
}
