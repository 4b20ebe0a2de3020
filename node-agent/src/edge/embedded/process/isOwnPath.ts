/** The name in a deployment folder under which manifest and modules lie: `OWN_DIRECTORY` of the sdk, which no edge process loads. */
const OWN = ".worker3";
/** What a path has that leads there: the end of the name, or something that is written as a code. */
const MAY_LEAD_THERE = /er3|%/i;

/**
 * Whether a path is `/.worker3` or below it, however it is written: with codes, dots, slashes twice or turned around, in capitals.
 * What lies there is no part of the site, and is not in the folder that cells serve either. This has all visitors get the same of
 * it, also where a worker or a single page answers every address.
 *
 * @param path - of a request, with its query.
 */
export function isOwnPath(path: string): boolean {
  if (!MAY_LEAD_THERE.test(path)) return false;
  const [plain = ""] = path.split(/[?#]/, 1);
  // A code is not always of UTF-8, and a sign of one not always a code.
  const decoded = plain.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const names: string[] = [];
  for (const name of decoded.split(/[/\\]+/)) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names[0]?.toLowerCase() === OWN;
}
