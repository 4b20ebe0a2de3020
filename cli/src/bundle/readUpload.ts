import { readFile } from "node:fs/promises";
import type { ModuleType } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import { isRecord } from "./isRecord.ts";

export interface WorkerModule {
  /** Its path below `.worker3/worker/`. */
  readonly name: string;
  readonly type: ModuleType;
  readonly content: Uint8Array;
}

export interface WorkerUpload {
  /** The entry's name. */
  readonly main: string;
  /** The entry and what it imports. */
  readonly modules: readonly WorkerModule[];
  /** What becomes a property of `env`. */
  readonly bindings: readonly { readonly name: string; readonly type: string }[];
}

/** The media types by which wrangler tells Cloudflare what a module is. */
const MODULE_TYPES: Readonly<Record<string, ModuleType>> = {
  "application/javascript+module": "esm",
  "application/javascript": "commonjs",
  "application/wasm": "wasm",
  "application/octet-stream": "data",
  "text/plain": "text",
};

/** In the form too, but nothing that a worker imports. */
const SOURCE_MAP = "application/source-map";

/**
 * Reads the form that wrangler would send to Cloudflare (`--outfile`): the entry and exactly the modules that it imports,
 * each with the type of the rule that matched it.
 *
 * @throws {BundleError} `NOT_AN_ES_MODULE`, `UNSUPPORTED_MODULE`.
 */
export async function readUpload(path: string): Promise<WorkerUpload> {
  const bytes = await readFile(path);
  const boundary = bytes.subarray(2, bytes.indexOf("\r\n")).toString("latin1");
  const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
  const form = await new Response(bytes, { headers }).formData();
  const metadata: unknown = JSON.parse(String(form.get("metadata")));
  if (!isRecord(metadata) || typeof metadata.main_module !== "string") throw notAnEsModule();
  const modules: WorkerModule[] = [];
  for (const [name, part] of form) {
    if (typeof part === "string" || part.type === SOURCE_MAP) continue;
    const content = new Uint8Array(await part.arrayBuffer());
    modules.push({ name: plainName(name), type: typeOf(name, part.type), content });
  }
  return { main: plainName(metadata.main_module), modules, bindings: bindingsIn(metadata) };
}

function typeOf(name: string, mediaType: string): ModuleType {
  const type = MODULE_TYPES[mediaType.split(";", 1)[0] ?? ""];
  if (type !== undefined) return type;
  throw new BundleError({
    code: "UNSUPPORTED_MODULE",
    message: `Nodes have no modules of type ${mediaType}.`,
    value: plainName(name),
    next: "write it in JavaScript, or import it as text, data or wasm",
  });
}

/** Wrangler writes `./q.sql` for what the code imports by that; a path in the folder has no dot in front. */
function plainName(name: string): string {
  return name.replace(/^(\.\/)+/, "");
}

function bindingsIn({ bindings }: Readonly<Record<string, unknown>>): { name: string; type: string }[] {
  if (!Array.isArray(bindings)) return [];
  return bindings.filter(isRecord).map(({ name, type }) => ({ name: String(name), type: String(type) }));
}

function notAnEsModule(): BundleError {
  return new BundleError({
    code: "NOT_AN_ES_MODULE",
    message: "The worker is no ES module: its entry has no default export.",
    value: "main",
    next: "write export default { fetch(request, env, context) { ... } } in place of addEventListener",
  });
}
