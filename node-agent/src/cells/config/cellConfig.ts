import type { Manifest, ModuleType } from "@worker3/sdk";
import { EXTRACTED } from "../../extractedFolder.ts";
import { type CellParts, NODE_COMPATIBILITY_DATE, WORKER_SERVICE } from "./CellBinding.ts";
import { Embed } from "./serializeCapnp.ts";
import type { Module, Service, Socket, Worker, WorkerdConfig } from "./WorkerdConfig.ts";

/** Where a cell's process finds what is its own. All paths are absolute, as the process sees them. */
export interface CellLayout {
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
  /** What the kinds of bindings add, in their order. */
  readonly parts: readonly CellParts[];
}

/**
 * What workerd takes `request.cf` from. The edge lets no visitor's `worker3-` header through, so there is none; without it
 * workerd would tell the worker who the edge's process is.
 */
const CF_HEADER = "worker3-cf";

/**
 * The configuration of the cell of a checked manifest: pure. Modules are embedded as `/worker/<name>`, so the extracted
 * folder must be an import path of workerd.
 */
export function cellConfig({ manifest, layout, parts }: CellConfigInput): WorkerdConfig {
  const services: Service[] = [];
  if (manifest.main !== undefined) {
    services.push({
      name: "internet",
      network: { allow: ["public"], tlsOptions: { trustBrowserCas: true } },
    });
    services.push(...parts.flatMap((part) => part.services ?? []));
    services.push({ name: WORKER_SERVICE, worker: worker(manifest, manifest.main, parts) });
  }
  const front = parts.find((part) => part.front !== undefined)?.front;
  if (front !== undefined) services.push(front);
  // A directory answers without JavaScript: an isolate of its own would cost 2 MB and 10 ms for each cell.
  services.push({ name: "control", disk: { path: layout.controlDirectory } });

  return {
    services,
    sockets: [
      {
        ...socket("tenant", layout.socketPath, front?.name ?? WORKER_SERVICE),
        http: { cfBlobHeader: CF_HEADER },
      },
      socket("control", layout.controlPath, "control"),
    ],
  };
}

function socket(name: string, path: string, service: string): Socket {
  return { name, address: `unix:${path}`, http: {}, service };
}

function worker(manifest: Manifest, main: string, parts: readonly CellParts[]): Worker {
  const types = Object.entries(manifest.modules ?? {});
  const names = [...types.filter(([name]) => name === main), ...types.filter(([name]) => name !== main)];
  const settings: CellParts["worker"] = Object.assign({}, ...parts.map((part) => part.worker));
  return {
    modules: names.map(([name, type]) => module(name, type)),
    compatibilityDate: manifest.compatibilityDate ?? NODE_COMPATIBILITY_DATE,
    compatibilityFlags: manifest.compatibilityFlags,
    bindings: parts.flatMap(({ bindings = [] }) => bindings),
    globalOutbound: "internet",
    ...settings,
  };
}

function module(name: string, type: ModuleType): Module {
  const file = new Embed(`/${EXTRACTED.worker}/${name}`);
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
