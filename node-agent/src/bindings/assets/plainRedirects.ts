/** `from //host/path [status] [# comment]`, but for 200, which names a file. */
const TO_HOST = /^(\s*\S+\s+)(\/\/[^/\\\s?#]\S*(?:\s+30\d)?\s*(?:\s#.*)?)$/;

/**
 * The text of `_redirects` with the scheme written out where a target begins with `//` and a host. Cloudflare sends visitors
 * to that host; workerd takes the two slashes of a rule with a splat or placeholders for one, and stays at its own.
 */
export function plainRedirects(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(TO_HOST, "$1https:$2"))
    .join("\n");
}
