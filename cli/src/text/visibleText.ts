/**
 * What a terminal obeys instead of showing it: controls of C0 but the line's end and the tab, DEL, C1 (with which sequences
 * begin too), and what turns the direction of writing, by which a text reads otherwise than it is (U+202A to U+202E, U+2066 to
 * U+2069).
 *
 * Source: ECMA-48; Unicode Standard Annex #9; https://trojansource.codes
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
/** What JSON leaves as it is, and a terminal or a reader of lines does not. */
const LEFT_BY_JSON = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A text that may hold the words of strangers, as a terminal shows all of it: `\x1b` instead of an escape. */
export function visibleText(text: string): string {
  return text.replace(OBEYED, (one) => {
    const code = one.charCodeAt(0);
    return code <= 0xff ? `\\x${hex(code, 2)}` : escaped(one);
  });
}

/** The same JSON, of characters that every terminal and every reader of lines takes as they are. */
export function visibleJson(json: string): string {
  return json.replace(LEFT_BY_JSON, escaped);
}

function escaped(one: string): string {
  return `\\u${hex(one.charCodeAt(0), 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
