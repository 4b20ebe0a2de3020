/**
 * How a folder became one of static files: `named` as assets by a configuration, or `whole`, where the folder itself is
 * what is deployed.
 */
export type Publishing = "named" | "whole";

/** Whatever folder they lie in. */
const NEVER =
  /^(\.git|\.svn|\.hg|\.wrangler|\.worker3|node_modules|\.env(\..*)?|\.dev\.vars(\..*)?|\.DS_Store)$/;
/** At the root: code and configuration of the worker. */
const ROOT = /^(_worker\.js|_routes\.json|wrangler\.(json|jsonc|toml))$/;

/**
 * Whether a file or folder is never published: versions, secrets, packages, worker code. Of a folder that is deployed as
 * a whole no name with a dot in front is, but `.well-known`.
 *
 * @param path Relative to the folder of static files, with `/`.
 */
export function isPrivate(path: string, publishing: Publishing): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (NEVER.test(name) || ROOT.test(path)) return true;
  return publishing === "whole" && name.startsWith(".") && path !== ".well-known";
}
