import { createRequire } from "node:module";
import { dirname } from "node:path";

/**
 * Loaded into wrangler's process before wrangler itself, for a project whose path esbuild does not take as it is. Where the
 * path of an entry holds a character that Windows forbids in names, esbuild no longer sees the entry's folder in it and
 * names what is exported by another folder (`src_default` in place of `index_default`); a `*` it takes for a pattern. So the
 * same project would have another CID in a folder called `q?`. Here esbuild is told the entry's folder, and
 * gets the entry by another name.
 */
interface Plugin {
  readonly name: string;
  readonly setup: (build: {
    onResolve(options: { filter: RegExp }, resolve: () => { path: string }): void;
  }) => void;
}

interface BuildOptions {
  readonly entryPoints?: unknown;
  readonly outbase?: string;
  readonly plugins?: readonly Plugin[];
}

const { resolve } = createRequire(import.meta.url);
const wranglers = createRequire(resolve("wrangler/package.json"));
const esbuild: { build(options: BuildOptions): unknown } = wranglers("esbuild");
const loaded = wranglers.cache[wranglers.resolve("esbuild")];
if (loaded === undefined) throw new TypeError("esbuild is not kept among the loaded modules");
loaded.exports = Object.create(esbuild, {
  build: { enumerable: true, value: (options: BuildOptions) => esbuild.build(withFolder(options)) },
});

function withFolder(options: BuildOptions): BuildOptions {
  const { entryPoints, outbase, plugins = [] } = options;
  const [entry, ...others] = Array.isArray(entryPoints) ? entryPoints : [];
  if (typeof entry !== "string" || others.length > 0 || outbase !== undefined) return options;
  const name = "worker3-entry";
  const plugin: Plugin = {
    name,
    setup: (build) => build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: entry })),
  };
  return { ...options, outbase: dirname(entry), entryPoints: [name], plugins: [plugin, ...plugins] };
}
