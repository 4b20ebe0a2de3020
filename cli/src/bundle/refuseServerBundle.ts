import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BundleError } from "./BundleError.ts";
import { CONFIG_NAMES } from "./findConfig.ts";
import { readIgnoreFile } from "./readIgnoreFile.ts";

/** What builds call the folder of the part that runs on a server, and that of the part for browsers. */
const SERVER = ["server", "ssr"];
const CLIENT = ["client", "browser", "public", "static"];
const CODE = /\.[cm]?js$/;

/**
 * Refuses to publish what a build made for a server: a folder `server` with code and without a page, and the folder of a
 * worker beside its own wrangler configuration. Who means it says so in `.assetsignore`.
 *
 * @param names Of the files in the folder.
 * @throws {BundleError} `SERVER_BUNDLE`; `value` is the file or folder.
 */
export async function refuseServerBundle(directory: string, names: readonly string[]): Promise<void> {
  const rules = await readIgnoreFile(directory);
  for (const name of names) {
    const { ignored, unignored } = rules.test(`${name}/`);
    if (ignored || unignored) continue;
    const inside = await namesIn(join(directory, name));
    const hasConfig = inside.some((file) => CONFIG_NAMES.includes(file)) && name !== "node_modules";
    const isServer =
      SERVER.includes(name) &&
      inside.some((file) => CODE.test(file)) &&
      !inside.some((file) => file.endsWith(".html"));
    if (hasConfig || isServer) throw serverBundle(directory, name, names);
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch {
    return [];
  }
}

function serverBundle(directory: string, name: string, names: readonly string[]): BundleError {
  const client = names.includes("index.html") ? undefined : CLIENT.find((each) => names.includes(each));
  return new BundleError({
    code: "SERVER_BUNDLE",
    message: `The folder ${name}/ holds code that a build made for a server; here it would be published as files that anybody can read.`,
    value: join(directory, name),
    next:
      client === undefined
        ? `write ${name}/ into ${join(directory, ".assetsignore")} to leave it out, !${name}/ to publish it`
        : `deploy the files for browsers alone, ${join(directory, client)}, or the project's folder with a wrangler.jsonc that names main and assets.directory`,
  });
}
