/**
 * How a folder became one of static files: `named` as assets by a configuration, `pages` as the output of a project of
 * Pages, or `whole`, where the folder itself is what is deployed; `plain pages` is that with functions or a `_worker.js`.
 */
export type Publishing = "named" | "pages" | "whole" | "plain pages";

/** Whatever folder they lie in. */
const NEVER =
  /^(\.git|\.svn|\.hg|\.wrangler|\.worker3|node_modules|\.env(\..*)?|\.dev\.vars(\..*)?|\.DS_Store|\.npmrc|\.yarnrc(\.yml)?|\.netrc|\.pypirc|\.htpasswd|\.git-credentials|\.ssh|\.aws|\.gnupg|id_(rsa|dsa|ecdsa|ed25519)(_sk)?)$/i;
/** At the root: code and configuration of the worker. */
const ROOT = /^(_worker\.js|_routes\.json|wrangler\.(json|jsonc|toml))$/;
/** Keys, which nobody meant to publish who deploys the folder that they lie in; one who names a folder of files may. */
const KEYS = /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk)$/i;

/**
 * Whether a file or folder is never published: versions, secrets, packages, worker code. Of a folder that is deployed as
 * a whole no name with a dot in front is, but `.well-known`, and no key.
 *
 * @param path Relative to the folder of static files, with `/`.
 */
export function isPrivate(path: string, publishing: Publishing): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (NEVER.test(name) || ROOT.test(path)) return true;
  if (path === "functions" && (publishing === "pages" || publishing === "plain pages")) return true;
  if (publishing === "named" || publishing === "pages") return false;
  return KEYS.test(name) || (name.startsWith(".") && path !== ".well-known");
}
