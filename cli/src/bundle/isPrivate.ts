/**
 * How a folder became one of static files: `named` as assets by a configuration, `pages` as the output of a project of
 * Pages, or `whole`, where the folder itself is what is deployed; `plain pages` is that with functions or a `_worker.js`.
 */
export type Publishing = "named" | "pages" | "whole" | "plain pages";

/** Whatever folder they lie in. */
const NEVER = [
  // Versions, packages, what tools keep for themselves.
  /^(\.git|\.svn|\.hg|\.wrangler|\.worker3|node_modules|\.DS_Store)$/i,
  // Variables of programs, for whatever environment.
  /^\.(env|dev\.vars)/i,
  // Passwords of programs, and what was typed into them.
  /^(\.npmrc|\.yarnrc(\.yml)?|[._]netrc|\.pypirc|\.htpasswd|\.pgpass|\.my\.cnf|\.authinfo(\.gpg)?|\.s3cfg|\.boto|\.vault-token|\.terraformrc|\.Xauthority)$/i,
  /^\.git-credentials/i,
  /^\.\w+_history$/i,
  /^\.(ssh|aws|gnupg|docker|dockercfg|kube|azure|password-store)$/i,
  // Keys of SSH; what ends in .pub is public.
  /^id_(rsa|dsa|ecdsa|ed25519|xmss)(?![a-z])(?!.*\.pub\b)/i,
];
/** At the root: code and configuration of the worker. */
const ROOT = /^(_worker\.js|_routes\.json|wrangler\.(json|jsonc|toml))$/i;
/**
 * Keys and passwords, which nobody meant to publish who deploys the folder that they lie in; one who names a folder of
 * files may.
 */
const KEYS = [
  /\.(pem|key|p8|p12|pfx|jks|keystore|kdbx|ppk|ovpn|gpg|env)$/i,
  /^(terraform\.tfstate.*|service-?account.*\.json|(credentials|secrets|keystore)\.json|UTC--.*)$/i,
];
/** What editors and people put behind a name to keep what was in the file. */
const BACKUP = /(~|\.~\d+~|[._-](bak|backup|old|orig|save|sw[op]|tmp|copy)\d*|\.\d+)$/i;

/**
 * Whether a file or folder is never published: versions, secrets, packages, worker code, and what was kept of them under
 * another name. Of a folder that is deployed as a whole no name with a dot in front is, but `.well-known`, and no key.
 *
 * @param path Relative to the folder of static files, with `/`.
 */
export function isPrivate(path: string, publishing: Publishing): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isAtRoot = name === path;
  const names = meantBy(name);
  const isOneOf = (patterns: readonly RegExp[]): boolean =>
    patterns.some((pattern) => names.some((each) => pattern.test(each)));
  if (isOneOf(NEVER) || (isAtRoot && isOneOf([ROOT]))) return true;
  if (path === "functions" && (publishing === "pages" || publishing === "plain pages")) return true;
  if (publishing === "named" || publishing === "pages") return false;
  return isOneOf(KEYS) || (name.startsWith(".") && path !== ".well-known");
}

/** A file's name, and what it was called before it was kept: `.env` of `.env.bak`, `id_rsa` of vim's `.id_rsa.swp`. */
function meantBy(name: string): string[] {
  const names = [name];
  for (let left = name; BACKUP.test(left); ) {
    left = left.replace(BACKUP, "");
    names.push(left);
  }
  const [, saved] = /^#(.+)#$/.exec(name) ?? [];
  if (saved !== undefined) names.push(saved);
  const swap = /^\.(.+)\.sw[a-z]$/i.exec(name)?.[1];
  return swap === undefined ? names : [...names, swap, `.${swap}`];
}
