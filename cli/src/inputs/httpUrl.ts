/** An `http(s)` URL. */
export function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new RangeError("it has to be an http(s) URL, such as http://127.0.0.1:5001");
}
