import { isBuiltin } from "node:module";
import { gzipSync } from "node:zlib";

export interface BrowserBundle {
  /** A script that puts the entry's exports into the global `name`. */
  code: string;
  /** Minified. */
  bytes: number;
  gzipBytes: number;
  /** Modules of Node that were asked for, each with the file that did. */
  nodeModules: string[];
}

/**
 * Bundles an entry as a page's build would: for browsers, minified, without stand-ins for Node's modules.
 *
 * @param source - the entry's text; it imports by absolute path.
 */
export async function bundleForBrowser(source: string, name: string): Promise<BrowserBundle> {
  const entry = "virtual:entry";
  const nodeModules: string[] = [];
  // Of those who share this module few bundle, and loading it takes a while.
  const { build } = await import("vite");
  const output = await build({
    configFile: false,
    envFile: false,
    logLevel: "error",
    // The project's own packages are taken as sources; `browser` chooses what a page gets of the others.
    resolve: { conditions: ["source", "module", "browser", "production"] },
    plugins: [
      {
        name: "entry-and-node-modules",
        enforce: "pre",
        resolveId(id, importer) {
          if (id.endsWith(entry)) return `\0${entry}`;
          if (isBuiltin(id)) nodeModules.push(`${id} from ${importer}`);
          return undefined;
        },
        load: (id) => (id === `\0${entry}` ? source : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      target: "es2022",
      lib: { entry, name, formats: ["iife"], fileName: name },
    },
  });
  const chunks = (Array.isArray(output) ? output : [output]).flatMap((each) =>
    "output" in each ? each.output : [],
  );
  const code = chunks.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("\n");
  return {
    code,
    bytes: Buffer.byteLength(code),
    gzipBytes: gzipSync(code, { level: 9 }).length,
    nodeModules,
  };
}
