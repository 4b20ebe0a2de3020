import { type HtmlHandling, resolveAsset } from "./resolveAsset.ts";

/**
 * The path at which a static file answers with 200, percent-encoded; undefined where another file or a redirect
 * stands before every one of its addresses.
 *
 * @param file Its path in the deployment folder, without a slash before it.
 * @param has Whether there is a static file of that path, beginning with `/`.
 */
export function addressOf(
  file: string,
  handling: HtmlHandling,
  has: (path: string) => boolean,
): string | undefined {
  const path = `/${file}`;
  const found = candidates(path, handling).find((address) => resolveAsset(address, handling, has) === path);
  return found === undefined ? undefined : encodeAddress(found);
}

/** As the asset worker writes addresses: anything else it would redirect to this form. */
export function encodeAddress(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function candidates(path: string, handling: HtmlHandling): string[] {
  const [, folder] = /^(.*)\/index\.html$/.exec(path) ?? [];
  const [, name] = /^(.*)\.html$/.exec(path) ?? [];
  switch (handling) {
    case "auto-trailing-slash":
      return [...ifThere(folder, "/"), ...ifThere(name, ""), path];
    case "force-trailing-slash":
      return [...ifThere(folder, "/"), ...ifThere(name, "/"), path];
    case "drop-trailing-slash":
      return [...(folder === "" ? ["/"] : ifThere(folder, "")), ...ifThere(name, ""), path];
    case "none":
      return [path];
  }
}

function ifThere(path: string | undefined, ending: string): string[] {
  return path === undefined ? [] : [`${path}${ending}`];
}
