import type { JsonValue, Manifest, ModuleType } from "@worker3/sdk";
import { type AssetRules, assetsConfig } from "../../bindings/assets/assetsConfig.ts";
import { Embed } from "./serializeCapnp.ts";
import type { Assets, Binding, Module, Service, Socket, Worker, WorkerdConfig } from "./WorkerdConfig.ts";

/** Where a cell's process finds what is its own. All paths are absolute, as the process sees them. */
export interface CellLayout {
  /** The folder's `assets/`. */
  readonly assetsPath: string;
  /** Where the tenant's worker is served. */
  readonly socketPath: string;
  /** Where the process answers for itself. */
  readonly controlPath: string;
  /** A directory for the control socket to answer from; nothing in it is secret. */
  readonly controlDirectory: string;
}

export interface CellConfigInput {
  readonly manifest: Manifest;
  readonly layout: CellLayout;
  readonly rules: AssetRules;
  /** Whether its modules name `caches`. An isolate that is the cache costs each cell 5 ms of its start and 2 MB. */
  readonly usesCache: boolean;
}

/**
 * What workerd takes `request.cf` from. The edge lets no visitor's `worker3-` header through, so there is none; without it
 * workerd would tell the worker who the edge's process is.
 */
const CF_HEADER = "worker3-cf";

/** For a folder without a worker whose manifest names none: the same on all nodes, so that they answer alike. */
const ASSETS_COMPATIBILITY_DATE = "2026-11-01";

/**
 * The configuration of the cell of a checked manifest: pure. Modules are embedded as `/worker/<name>`, so the deployment
 * folder must be an import path of workerd.
 */
export function cellConfig({ manifest, layout, rules, usesCache }: CellConfigInput): WorkerdConfig {
  const services: Service[] = [];
  if (manifest.main !== undefined) {
    services.push({
      name: "internet",
      network: { allow: ["public"], tlsOptions: { trustBrowserCas: true } },
    });
    if (usesCache) services.push({ name: "cache", worker: emptyCache });
    services.push({ name: "worker", worker: worker(manifest, manifest.main, usesCache) });
  }
  if (manifest.assets !== undefined) {
    services.push({ name: "assets", assets: assets(manifest, layout.assetsPath, rules) });
  }
  // A directory answers without JavaScript: an isolate of its own would cost 2 MB and 10 ms for each cell.
  services.push({ name: "control", disk: { path: layout.controlDirectory } });

  return {
    services,
    sockets: [
      {
        ...socket("tenant", layout.socketPath, manifest.assets === undefined ? "worker" : "assets"),
        http: { cfBlobHeader: CF_HEADER },
      },
      socket("control", layout.controlPath, "control"),
    ],
  };
}

function socket(name: string, path: string, service: string): Socket {
  return { name, address: `unix:${path}`, http: {}, service };
}

function worker(manifest: Manifest, main: string, usesCache: boolean): Worker {
  const types = Object.entries(manifest.modules ?? {});
  const names = [...types.filter(([name]) => name === main), ...types.filter(([name]) => name !== main)];
  return {
    modules: names.map(([name, type]) => module(name, type)),
    compatibilityDate: manifest.compatibilityDate ?? ASSETS_COMPATIBILITY_DATE,
    compatibilityFlags: manifest.compatibilityFlags,
    bindings: bindings(manifest),
    globalOutbound: "internet",
    ...(usesCache ? { cacheApiOutbound: "cache" } : {}),
  };
}

/**
 * A cache that keeps nothing, so that `caches.default` finds nothing instead of throwing: a worker may not rely on a hit.
 * Source: what miniflare answers for a miss, a put and a purge of what is not there.
 */
const emptyCache: Worker = {
  modules: [
    {
      name: "cache.js",
      esModule: `export default {
  async fetch(request) {
    if (request.method === "PUT") {
      await request.body?.pipeTo(new WritableStream());
      return new Response(null, { status: 204 });
    }
    if (request.method === "PURGE") return new Response(null, { status: 404 });
    return new Response(null, { status: 504, headers: { "CF-Cache-Status": "MISS" } });
  },
};
`,
    },
  ],
  compatibilityDate: ASSETS_COMPATIBILITY_DATE,
};

function module(name: string, type: ModuleType): Module {
  const file = new Embed(`/worker/${name}`);
  switch (type) {
    case "esm":
      return { name, esModule: file };
    case "commonjs":
      return { name, commonJsModule: file };
    case "text":
      return { name, text: file };
    case "data":
      return { name, data: file };
    case "wasm":
      return { name, wasm: file };
    case "json":
      return { name, json: file };
  }
}

function bindings(manifest: Manifest): Binding[] {
  const all = Object.entries(manifest.vars ?? {}).map(([name, value]) => variable(name, value));
  const name = manifest.assets?.binding;
  if (name !== undefined) all.push({ name, service: { name: "assets", entrypoint: "AssetWorker" } });
  return all;
}

function variable(name: string, value: JsonValue): Binding {
  return typeof value === "string" ? { name, text: value } : { name, json: JSON.stringify(value) };
}

function assets(manifest: Manifest, path: string, rules: AssetRules): Assets {
  const config = assetsConfig(manifest.assets, rules);
  if (manifest.main !== undefined) return { path, config, userWorker: "worker" };
  const compatibilityDate = manifest.compatibilityDate ?? ASSETS_COMPATIBILITY_DATE;
  return { path, config, compatibilityDate, compatibilityFlags: manifest.compatibilityFlags };
}
