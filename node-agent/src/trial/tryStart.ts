import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkSupported, type Manifest, SupportError, WORKER_DIRECTORY } from "@worker3/sdk";
import { cellBindings } from "../bindings/index.ts";
import { capabilitiesOf } from "../cells/capabilitiesOf.ts";
import { NODE_COMPATIBILITY_DATE } from "../cells/config/CellBinding.ts";
import { type WorkerdBinary, workerdBinary } from "../cells/workerdBinary.ts";
import { EXTRACTED } from "../extractedFolder.ts";
import { type Run, runOnce } from "./runOnce.ts";

export interface TryStartOptions {
  /** The deployment folder, as it is packed: the site, and `.worker3` beside it. */
  readonly folder: string;
  /** What its `.worker3/manifest.json` says, checked. */
  readonly manifest: Manifest;
  /** How long the start may take: 10,000 ms by default, as on nodes. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a trial start went. */
export type StartTrial =
  | { readonly outcome: "starts" }
  /** What workerd said, the last 8 KiB of it. */
  | { readonly outcome: "fails"; readonly log: string }
  /** It was ended, as nodes would end it: it used so much memory, and may use so much, in MiB. */
  | { readonly outcome: "memory"; readonly usedMiB: number; readonly mayMiB: number }
  /** This machine cannot tell: why not, as a part of a sentence. It says nothing against the deployment. */
  | { readonly outcome: "unknown"; readonly reason: string };

const TIMEOUT_MS = 10_000;
const MIB = 1_048_576;
/** What a node gives a worker that does not ask, unless its owner says otherwise. */
const MEMORY_MIB = 128;
/** A worker may ask for more, and get it on some nodes; this machine gives it no more than this. */
const MOST_MEMORY_MIB = 2_048;
/** Up to this share of it nodes let a worker finish what it is at. Above it is ended. */
const HARD_SHARE = 1.5;

/** A worker that starts wherever workerd does. */
const BLANK = {
  manifest: {
    manifest: 2,
    main: "index.js",
    modules: { "index.js": "esm" },
    compatibilityDate: NODE_COMPATIBILITY_DATE,
  },
  source: "export default { fetch: () => new Response() };\n",
} as const satisfies { manifest: Manifest; source: string };

/**
 * Starts a deployment folder once in workerd as a cell of a node is configured, and ends it. No request reaches the
 * worker. There is no sandbox around it: it is for code that its owner is about to deploy, on the owner's own machine.
 *
 * A start that fails counts only where a blank worker starts: otherwise it is the machine that cannot run workerd.
 *
 * @throws {CellError} `ASSET_RULES_TOO_LARGE`; or the signal's reason.
 */
export async function tryStart(options: TryStartOptions): Promise<StartTrial> {
  const { folder, manifest, timeoutMs = TIMEOUT_MS } = options;
  let workerd: WorkerdBinary;
  try {
    workerd = workerdBinary();
    checkSupported({ manifest }, capabilitiesOf({ binary: workerd, bindings: cellBindings }));
  } catch (error) {
    return { outcome: "unknown", reason: reasonOf(error) };
  }
  const home = await mkdtemp(join(tmpdir(), "w3-trial-"));
  try {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([timeout, ...(options.signal === undefined ? [] : [options.signal])]);
    const mayMiB = Math.min(manifest.limits?.memoryMiB ?? MEMORY_MIB, MOST_MEMORY_MIB);
    const memoryBytes = mayMiB * MIB * HARD_SHARE;
    const common = { bindings: cellBindings, workerd: workerd.path, directory: home, memoryBytes, signal };
    const run = (what: { folder: string; manifest: Manifest }): Promise<Run> =>
      runOnce({ ...what, ...common });
    try {
      const own = await run({ folder: await laidOut(home, folder), manifest });
      if (own.started) return { outcome: "starts" };
      if (own.overBytes !== undefined)
        return { outcome: "memory", usedMiB: Math.ceil(own.overBytes / MIB), mayMiB };
      const blank = await run({ folder: await blankFolder(home), manifest: BLANK.manifest });
      if (blank.started) return { outcome: "fails", log: own.log };
      return { outcome: "unknown", reason: `workerd does not run here: ${firstLine(blank.log)}` };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (timeout.aborted) {
        return { outcome: "unknown", reason: `it is not ready after ${timeoutMs / 1000} seconds` };
      }
      throw error;
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function blankFolder(home: string): Promise<string> {
  const folder = join(home, "blank");
  await mkdir(join(folder, EXTRACTED.worker), { recursive: true });
  await writeFile(join(folder, EXTRACTED.worker, BLANK.manifest.main), BLANK.source);
  return folder;
}

/** The parts of a deployment folder where an agent extracts them to, by links: nothing is copied for one start. */
async function laidOut(home: string, folder: string): Promise<string> {
  const extracted = join(home, "own");
  await mkdir(extracted);
  await symlink(resolve(folder), join(extracted, EXTRACTED.files));
  await symlink(resolve(folder, WORKER_DIRECTORY), join(extracted, EXTRACTED.worker));
  return extracted;
}

function reasonOf(error: unknown): string {
  if (error instanceof SupportError) {
    return `${error.message.replace(/\bthe node\b/g, "this machine's workerd")} (${error.value})`;
  }
  return `there is no workerd for this machine: ${error instanceof Error ? firstLine(error.message) : error}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] || "it says nothing";
}
