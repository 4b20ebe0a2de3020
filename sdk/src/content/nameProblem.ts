/** Bytes of a name in UTF-8 at most: NAME_MAX of Linux. */
export const MAX_NAME_BYTES = 255;

/**
 * Why a file or directory may not have this name, or undefined.
 *
 * Refused: an empty name, `.`, `..`, `/`, `\`, control characters (C0 with NUL, DEL, C1), what is not well-formed
 * Unicode, U+FFFD (a dag-pb decoder writes it for bytes that are no UTF-8), U+FEFF (the same decoder drops it from a
 * name's start), and more than 255 bytes of UTF-8.
 */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name === "." || name === "..") return `is "${name}"`;
  if (name.includes("/")) return "holds a slash";
  if (name.includes("\\")) return "holds a backslash";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) return "holds a control character";
  if (!name.isWellFormed()) return "is not well-formed Unicode";
  if (/[\ufffd\ufeff]/.test(name)) return "holds U+FFFD or U+FEFF, which do not survive being stored";
  if (name.length * 3 > MAX_NAME_BYTES && new TextEncoder().encode(name).length > MAX_NAME_BYTES) {
    return `is over ${MAX_NAME_BYTES} bytes of UTF-8`;
  }
  return undefined;
}
