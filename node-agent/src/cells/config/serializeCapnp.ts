/** What the text form of Cap'n Proto can say of a configuration. Undefined fields are left out. */
export type CapnpValue = string | number | boolean | Embed | readonly CapnpValue[] | CapnpStruct;
export type CapnpStruct = { readonly [field: string]: CapnpValue | undefined };

/** A file whose bytes are the value. `path` begins with `/` and is looked up below the import paths. */
export class Embed {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

/** Beyond this a struct or list takes a line for each part. Only for those who read it. */
const LINE_WIDTH = 100;

/**
 * A value as Cap'n Proto text.
 * Source: https://capnproto.org/language.html#constants, and the lexer for the escapes in strings.
 */
export function serializeCapnp(value: CapnpValue): string {
  return render(value, "");
}

function render(value: CapnpValue, indent: string): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Embed) return `embed ${quote(value.path)}`;
  if (isList(value)) return wrap("[", value, "]", indent, render);
  const fields = Object.entries(value).filter(
    (field): field is [string, CapnpValue] => field[1] !== undefined,
  );
  return wrap("(", fields, ")", indent, ([name, part], inner) => `${name} = ${render(part, inner)}`);
}

function isList(value: readonly CapnpValue[] | CapnpStruct): value is readonly CapnpValue[] {
  return Array.isArray(value);
}

function wrap<T>(
  open: string,
  parts: readonly T[],
  close: string,
  indent: string,
  show: (part: T, indent: string) => string,
): string {
  const inner = `${indent}  `;
  const shown = parts.map((part) => show(part, inner));
  const line = `${open}${shown.join(", ")}${close}`;
  if (indent.length + line.length <= LINE_WIDTH && !line.includes("\n")) return line;
  return `${open}\n${shown.map((part) => `${inner}${part}`).join(",\n")}\n${indent}${close}`;
}

/** The lexer takes any byte of UTF-8 but these; `\x` is followed by exactly two digits. */
function quote(text: string): string {
  const escaped = text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
    .replace(/["\\\x00-\x1f\x7f]/g, (char) =>
      char === '"' || char === "\\" ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
  return `"${escaped}"`;
}
